// The report's page: sound, the word being spoken, and every control, by pointer and by keyboard.
"use strict";
(() => {
  const { Answer, WORD_LEAD, $, $$, clock, clamp, say } = greenroom;
  const STEP = 3, STAYS_AFTER_SCROLL = 4000;
  const answers = $$(".answer[data-seconds]").map((section) => new Answer(section, { changed: refresh, started }));
  const byNumber = new Map(answers.map((answer) => [answer.number, answer]));
  const findings = $$(".finding");
  const transport = $(".transport");
  let current = answers[0], passage = null, finding = -1, scrolled = 0, ticking = false;

  function started(answer) {
    current = answer;
    for (const audio of $$("audio")) if (audio !== answer.audio) audio.pause();
    if (!ticking) requestAnimationFrame(tick);
    ticking = true;
  }

  function tick() {
    ticking = current.playing;
    refresh(current);
    if (ticking) requestAnimationFrame(tick);
  }

  function refresh(answer) {
    if (passage?.answer === answer && answer.playing && answer.time >= passage.end) {
      answer.audio.currentTime = passage.start;
    }
    answer.show();
    const lit = answer.light(answer === current);
    if (lit && Date.now() - scrolled > STAYS_AFTER_SCROLL) keepInView(lit);
    if (answer === current) showTransport();
  }

  function showTransport() {
    transport.classList.toggle("playing", current.playing);
    $("[data-do=toggle]", transport).setAttribute("aria-label", current.playing ? "Pause" : "Play");
    $(".answer-now", transport).textContent = `Answer ${current.number}`;
    $(".now", transport).textContent = clock(current.time);
    $(".whole-now", transport).textContent = ` of ${clock(current.seconds)}`;
  }

  function keepInView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top > 60 && bottom < innerHeight - 90) return;
    element.scrollIntoView({ block: "center", behavior: smooth() });
  }

  const smooth = () => matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

  // ---- going somewhere

  const isSideBySide = (answer) => answer.clips.some((clip) => clip.offsetParent);

  // Where two attempts stand side by side one can stay: whatever is asked for in words is shown in its own panel.
  function choose(answer, stay = false) {
    if (answer.section.hidden && !(stay && isSideBySide(answer))) showPanel(answer.section);
    if (answer !== current) current.audio.pause();
    current = answer;
  }

  function playFrom(answer, time, lead = 0, stay = false) {
    choose(answer, stay);
    if (passage && (passage.answer !== answer || time < passage.start - 1 || time > passage.end)) stopLoop();
    scrolled = 0;
    answer.seek(time - lead);
    answer.play();
  }

  function toggle(answer = current) {
    if (answer.playing) answer.audio.pause();
    else { choose(answer, true); answer.play(); }
  }

  function move(seconds) {
    current.seek(current.time + seconds);
    say(clock(current.time));
  }

  function goToFinding(step) {
    if (!findings.length) { say("No findings"); return; }
    if (finding < 0) { // from where one is, in the order of the page
      const index = findings.findIndex((each) => after(each));
      finding = step > 0 ? (index < 0 ? 0 : index) : (index < 0 ? findings.length : index) - 1;
      finding = (finding + findings.length) % findings.length;
    } else finding = (finding + step + findings.length) % findings.length;
    const element = findings[finding], place = $("a.place[data-t]", element);
    const answer = byNumber.get(element.dataset.turn), kept = finding;
    if (answer && place) playFrom(answer, Number(place.dataset.t), Number(place.dataset.lead));
    else if (element.closest("[hidden]")) showPanel(element.closest("[role=tabpanel]"));
    finding = kept;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", behavior: smooth() });
    say(`Finding ${finding + 1} of ${findings.length}, answer ${element.dataset.turn}: ${$("h4", element).textContent}`);
  }

  function after(element) { // whether a finding lies after the place where one is
    const place = $("a.place[data-t]", element), here = current?.section;
    if (element.dataset.turn === current?.number) return place && Number(place.dataset.t) > current.time;
    return !here || Boolean(here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  function goToAnswer(step) {
    const index = answers.indexOf(current) + step;
    if (index < 0 || index >= answers.length) { say(step > 0 ? "This is the last answer" : "This is the first answer"); return; }
    const wasPlaying = current.playing;
    choose(answers[index]);
    if (wasPlaying) current.play();
    showTransport();
    finding = -1;
    current.section.closest(".question").scrollIntoView({ block: "start", behavior: smooth() });
    current.wave.focus({ preventScroll: true });
  }

  function nextOf(button) { // the next of the places that a number counts, after the last one that was heard
    const answer = byNumber.get(button.closest(".answer").dataset.turn);
    const steps = button.dataset.steps.split(" ").map(Number);
    const index = (Number(button.dataset.at ?? -1) + 1) % steps.length;
    button.dataset.at = index;
    playFrom(answer, steps[index], 0.7);
    const count = steps.length > 1 ? `${index + 1} of ${steps.length}` : "";
    say(`${button.textContent.trim()} ${count} at ${clock(steps[index])}`);
  }

  // ---- looping

  function loop(answer, start, end) {
    if (end - start < 0.2) return;
    passage = { answer, start, end: Math.min(end, answer.seconds - 0.05) }; // at its very end it would stop
    $("[data-do=loop]").setAttribute("aria-pressed", "true");
    for (const each of answers) $(".loop", each.timeline).hidden = each !== answer;
    const band = $(".loop", answer.timeline), width = answer.wave.offsetWidth / answer.seconds;
    band.style.left = `${start * width}px`;
    band.style.width = `${(end - start) * width}px`;
    say(`Looping ${clock(start)} to ${clock(end)}`);
  }

  function stopLoop() {
    if (passage) say("No longer looping");
    passage = null;
    $("[data-do=loop]")?.setAttribute("aria-pressed", "false");
    for (const each of answers) $(".loop", each.timeline).hidden = true;
  }

  function toggleLoop() {
    const selected = selectedWords();
    if (selected) {
      const [answer, start, end] = selected;
      choose(answer);
      loop(answer, start, end);
      getSelection().removeAllRanges();
      answer.seek(start);
      answer.play();
    } else if (passage) stopLoop();
    else loop(current, ...current.sentenceAt(current.time));
  }

  function selectedWords() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const answer = answers.find((each) => range.intersectsNode(each.section));
    const words = answer?.words.filter((word) => range.intersectsNode(word.element)) ?? [];
    return words.length ? [answer, words[0].start, words[words.length - 1].end] : null;
  }

  function loopEdge(isEnd) {
    const [start, end] = passage?.answer === current ? [passage.start, passage.end] : current.sentenceAt(current.time);
    if (isEnd) loop(current, Math.max(Math.min(start, current.time - 0.5), 0), current.time);
    else loop(current, current.time, end > current.time + 0.5 ? end : current.seconds);
  }

  // ---- the rest

  function setSpeed(value) {
    const select = $("[data-do=speed]");
    if (value === undefined) return;
    select.value = value;
    for (const answer of answers) answer.speed = answer.audio.playbackRate = Number(value);
    say(`Speed ${value}`);
  }

  function changeSpeed(step) {
    const select = $("[data-do=speed]");
    setSpeed([...select.options].map((option) => option.value)[select.selectedIndex + step]);
  }

  function clean(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    button.closest(".said").classList.toggle("cleaned", on);
    say(on ? "Fillers and restarts are hidden" : "Fillers and restarts are shown");
  }

  function showPanel(panel) { choosePanel(document.getElementById(panel.getAttribute("aria-labelledby"))); }

  function choosePanel(tab) {
    for (const each of $$("[role=tab]", tab.closest("[role=tablist]"))) {
      const on = each === tab, panel = document.getElementById(each.getAttribute("aria-controls"));
      each.setAttribute("aria-selected", String(on));
      each.tabIndex = on ? 0 : -1;
      panel.hidden = !on;
      if (!on) byNumber.get(panel.dataset.turn)?.audio.pause();
      if (on) begin(panel);
    }
  }

  function begin(panel) { // what is now shown is what the keys play; side by side that is the later attempt
    const answer = byNumber.get((panel.dataset.turn ? panel : $$(".pair:not([hidden]) .clip", panel).pop()).dataset.turn);
    if (!answer) return;
    current = answer;
    if (!answer.section.hidden) answer.draw();
    showTransport();
    refresh(answer);
  }

  function choosePair(select) {
    const panel = select.closest(".side");
    $$(".pair", panel).forEach((pair, index) => { pair.hidden = index !== Number(select.value); });
    current?.audio.pause();
    begin(panel);
  }

  function hear(button) {
    const audio = document.getElementById(button.dataset.hear);
    if (!audio.paused) { audio.pause(); return; }
    for (const each of $$("audio")) each.pause();
    audio.currentTime = 0;
    audio.play().catch(() => say("The recording cannot be played here"));
  }

  function focusWord(element) {
    for (const each of $$(".w[tabindex='0']", element.closest(".transcript"))) each.tabIndex = -1;
    element.tabIndex = 0;
    element.setAttribute("role", "link");
    element.focus();
  }

  function openKeys() { $("#keys").showModal(); }

  const keys = {
    " ": () => toggle(), k: () => toggle(), ArrowLeft: () => move(-STEP), ArrowRight: () => move(STEP),
    n: () => goToFinding(1), p: () => goToFinding(-1), j: () => goToAnswer(1), i: () => goToAnswer(-1),
    u: () => { const um = $(".stat[data-kind=fillers]", current.section); if (um) nextOf(um); else say("No fillers"); },
    l: toggleLoop, "[": () => loopEdge(false), "]": () => loopEdge(true),
    ",": () => changeSpeed(-1), "<": () => changeSpeed(-1), ".": () => changeSpeed(1), ">": () => changeSpeed(1),
    h: () => { const button = $(".clean", current.section); if (button) clean(button); },
  };
  const does = {
    toggle: () => toggle(), next: () => goToFinding(1), previous: () => goToFinding(-1), loop: toggleLoop,
    keys: openKeys, close: () => $("#keys").close(),
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-do], [data-hear], .play, .clean, .stat[data-steps], [role=tab], [data-t], .wave, .pace, .track");
    if (!target || !getSelection().isCollapsed && target.matches(".w")) return;
    const answer = byNumber.get(target.dataset.turn ?? target.closest(".answer, .clip")?.dataset.turn);
    if (target.dataset.do) does[target.dataset.do]?.();
    else if (target.dataset.hear) hear(target);
    else if (target.matches(".play")) toggle(answer);
    else if (target.matches(".clean")) clean(target);
    else if (target.matches("[role=tab]")) choosePanel(target);
    else if (!answer) return; // a place in an answer without sound: the link leads to its words
    else if (target.matches(".stat")) { finding = -1; nextOf(target); }
    else if (target.matches(".wave, .pace, .track")) {
      const { left, width } = (target.matches(".track") ? target : answer.wave).getBoundingClientRect();
      finding = -1;
      playFrom(answer, clamp((event.clientX - left) / width, 0, 1) * answer.seconds, 0, target.matches(".track"));
    } else {
      event.preventDefault();
      finding = findings.indexOf(target.closest(".finding"));
      playFrom(answer, Number(target.dataset.t), Number(target.dataset.lead ?? WORD_LEAD), target.closest(".side") !== null);
      if (target.matches("a")) {
        const word = document.getElementById(target.hash.slice(1));
        if (word) keepInView(word);
        say(`Playing answer ${answer.number} from ${clock(Number(target.dataset.t))}`);
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, input, textarea, dialog")) return;
    if (target.matches(".w") && wordKey(event, target) || target.matches("[role=tab]") && tabKey(event, target)) {
      event.preventDefault();
      return;
    }
    if (event.key === " " && target.closest("button, summary, [role=tab]")) return;
    if (event.key === "?" && $("#keys-on").checked) openKeys();
    else if (target.matches(".wave") && (event.key === "Home" || event.key === "End")) {
      current = byNumber.get(target.closest(".answer").dataset.turn);
      current.seek(event.key === "Home" ? 0 : current.seconds - 0.1);
    } else {
      const act = keys[event.key];
      const isWave = target.matches(".wave"), isArrow = event.key.startsWith("Arrow");
      if (!act || !current && !"np".includes(event.key) || !isWave && !isArrow && event.key !== " " && !$("#keys-on").checked) return;
      if (isWave) choose(byNumber.get(target.closest(".answer").dataset.turn));
      if (!"np".includes(event.key)) finding = -1;
      act();
    }
    event.preventDefault();
  });

  function wordKey(event, element) {
    const words = $$(".w", element.closest(".transcript")), index = words.indexOf(element);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (step !== undefined) focusWord(words[clamp(index + step, 0, words.length - 1)]);
    else if (event.key === "Enter") element.click();
    else return false;
    return true;
  }

  function tabKey(event, tab) {
    const tabs = $$("[role=tab]", tab.parentElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return false;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next.focus();
    choosePanel(next);
    return true;
  }

  function showTarget() { // what the address points at may stand in an attempt that is not shown
    const target = document.getElementById(location.hash.slice(1)), panel = target?.closest("[role=tabpanel][hidden]");
    if (!panel) return;
    showPanel(panel);
    target.scrollIntoView();
  }

  // ---- beginning

  document.documentElement.classList.add("js");
  for (const button of $$("[data-hear]")) {
    const audio = document.getElementById(button.dataset.hear), label = button.textContent;
    audio.controls = false;
    audio.addEventListener("play", () => { button.textContent = "Stop"; });
    audio.addEventListener("pause", () => { button.textContent = label; });
  }
  for (const list of $$("[role=tablist]")) choosePanel($("[aria-selected=true]", list));
  for (const transcript of $$(".transcript")) {
    const first = $(".w[data-t]", transcript);
    if (first) { first.tabIndex = 0; first.setAttribute("role", "link"); }
  }
  $("[data-do=speed]").addEventListener("change", (event) => setSpeed(event.target.value));
  for (const select of $$("[data-do=pair]")) select.addEventListener("change", () => choosePair(select));
  addEventListener("hashchange", showTarget);
  showTarget();
  for (const way of ["wheel", "touchmove"]) addEventListener(way, () => { scrolled = Date.now(); }, { passive: true });

  if (answers.length) {
    transport.hidden = false;
    current = answers.find((answer) => !answer.section.hidden || isSideBySide(answer));
    showTransport();
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        const answer = byNumber.get(entry.target.dataset.turn);
        near.unobserve(entry.target);
        answer.audio.preload = "metadata";
        answer.draw();
      }
    }, { rootMargin: "600px" });
    for (const answer of answers) near.observe(answer.section);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => answers.forEach((answer) => answer.recolour()));
    addEventListener("resize", () => answers.forEach((answer) => { if (answer.surfer) refresh(answer); }));
  }
})();
