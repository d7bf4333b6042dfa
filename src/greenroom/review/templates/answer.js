// One answer that can be heard: its sound, its words in time, and every place that shows where it is.
"use strict";
const greenroom = (() => {
  const WORD_LEAD = 0.02, AFTER_WORD = 0.3;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const say = (text) => { $("#live").textContent = text; };

  class Answer {
    constructor(section, { changed, started }) {
      this.section = section;
      this.number = section.dataset.turn;
      this.seconds = Number(section.dataset.seconds);
      this.audio = $("audio.sound", section);
      this.timeline = $(".timeline", section);
      this.wave = $(".wave", section);
      this.clips = $$(`.clip[data-turn="${this.number}"]`, section.closest(".question"));
      this.speed = 1;
      this.lit = null;
      this.changed = changed;
      this.audio.controls = false;
      for (const event of ["play", "pause", "ended", "seeked", "timeupdate"]) {
        this.audio.addEventListener(event, () => changed(this));
      }
      this.audio.addEventListener("play", () => started(this));
      this.audio.addEventListener("error", () => say(`The recording of answer ${this.number} cannot be played here`));
    }

    get words() { // looked up when first needed: a long interview has some ten thousand of them
      this.found ??= $$(".w[data-t]", this.section).map((element) => ({
        element, start: Number(element.dataset.t), end: Number(element.dataset.e),
      }));
      return this.found;
    }

    get time() { return this.audio.currentTime; }
    get playing() { return !this.audio.paused && !this.audio.ended; }

    seek(time) {
      this.audio.currentTime = clamp(time, 0, this.seconds);
      this.changed(this);
    }

    play() {
      this.audio.playbackRate = this.speed;
      this.audio.play().catch(() => {}); // the error event says what is wrong
    }

    wordAt(time) { // the index of the last word that has begun, -1 before the first
      let low = 0, high = this.words.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.words[middle].start <= time + WORD_LEAD) low = middle + 1; else high = middle;
      }
      return low - 1;
    }

    sentenceAt(time) {
      const words = this.words, ends = (index) => /[.?!]["”’)]*$/.test(words[index].element.textContent);
      const here = Math.max(this.wordAt(time), 0);
      let first = here, last = here;
      while (first > 0 && !ends(first - 1)) first -= 1;
      while (last < words.length - 1 && !ends(last)) last += 1;
      return [words[first].start, words[last].end];
    }

    draw() {
      if (this.surfer) return;
      this.wave.classList.add("drawn");
      this.surfer = WaveSurfer.create({
        container: this.wave, media: this.audio, duration: this.seconds, interact: false, height: "auto",
        peaks: [Float32Array.from(atob(this.wave.dataset.peaks), (each) => each.charCodeAt(0) / 255)],
        barWidth: 2, barGap: 1, barRadius: 1, barMinHeight: 1, cursorWidth: 0, hideScrollbar: true,
        cspNonce: $("style").nonce, ...this.colours,
      });
    }

    recolour() { this.surfer?.setOptions(this.colours); }

    get colours() {
      const its = getComputedStyle(document.documentElement);
      const colour = (name) => its.getPropertyValue(name).trim();
      return { waveColor: colour("--wave"), progressColor: colour("--accent") };
    }

    show() { // where it is, wherever that is shown
      const { time, wave } = this;
      wave.setAttribute("aria-valuenow", Math.round(time));
      wave.setAttribute("aria-valuetext", `${clock(time)} of ${clock(this.seconds)}`);
      this.showIn(this.section, wave);
      for (const clip of this.clips) {
        const track = $(".track", clip);
        this.showIn(clip, track);
        $(".played", track).style.width = `${100 * time / this.seconds}%`;
      }
    }

    showIn(place, line) {
      $(".playhead", place).style.transform = `translateX(${this.time / this.seconds * line.offsetWidth}px)`;
      $(".head .now", place).textContent = clock(this.time);
      $(".head .play", place).setAttribute("aria-label", `${this.playing ? "Pause" : "Play"} answer ${this.number}`);
      place.classList.toggle("playing", this.playing);
      place.classList.toggle("begun", this.time > 0);
    }

    light(on) { // lights the word that is being spoken; that word if it is another than before
      const word = this.words[this.wordAt(this.time)];
      const next = on && this.time > 0 && word && this.time < word.end + AFTER_WORD ? word.element : null;
      if (next === this.lit) return null;
      this.lit?.classList.remove("lit");
      next?.classList.add("lit");
      this.lit = next;
      return next;
    }
  }

  return { Answer, WORD_LEAD, $, $$, clock, clamp, say };
})();
