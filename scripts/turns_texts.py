"""What the synthetic voices say in the benchmark of turn-taking: answers made up for it."""

from __future__ import annotations

import re

ANSWERS = (
    "When I joined the ferry company, every timetable was kept in one enormous spreadsheet, and only "
    "Marta knew how it worked. My task was to get it into a proper database before the summer season. I "
    "began by sitting next to her for two days and writing down each rule she applied without thinking. "
    "Some of them surprised me. For example, a boat that arrives after ten at night must not leave before "
    "six, because the crew has to sleep. I turned those rules into checks, and I let the old sheet and "
    "the new system run side by side for three weeks. We found eleven differences. Nine were mistakes in "
    "the sheet, and two were mine. In June we switched over, and that summer not a single crossing was "
    "sold twice.",
    "I once had to tell a client that we would miss a date, and I had to do it on my own, because my "
    "manager was on a train without any signal. We were building the booking pages for a chain of "
    "swimming pools. The payment provider had changed its interface, and nobody had told us. I rang the "
    "client before lunch rather than writing to her. I said what had happened, what we knew, and what we "
    "did not know yet. Then I offered two ways forward: open on time with cash only, or open four days "
    "later with everything. She chose the second one, and she thanked me for not hiding it. Since then I "
    "read the release notes of every supplier on the first Monday of the month.",
    "The hardest bug I ever met was in a weather station. About once a week it reported a temperature of "
    "minus two hundred degrees, and then it was fine again. I could not reproduce it on my desk. So I "
    "asked the people at the site to note the time whenever it happened, and after a month I laid their "
    "notes beside the log of the mains supply. Every single one fell into the minute in which the big "
    "freezer next door started. The cable of our sensor ran along the cable of its motor. We moved it by "
    "half a metre, put a ferrite on it, and the readings have been clean for two years. What I learned is "
    "that a log of something else can be worth more than another look at my own code.",
    "In my second year I looked after four apprentices in the workshop. One of them, I will call him "
    "Jonas, was quick with his hands but he never asked a question, and his parts came back from "
    "inspection again and again. I could have given him simpler work. Instead I asked him to explain a "
    "drawing to me every morning, just for ten minutes, as if I were the new one. After a week it was "
    "clear that he could not read the tolerances and had been ashamed to say so. We practised with old "
    "drawings, and I told him about the batch of two hundred flanges I had ruined myself. By the spring "
    "his share of rejected parts had gone from one in five to one in forty, and he was teaching the "
    "others.",
    "We had a disagreement about tests. My colleagues wanted to write none until the product was stable, "
    "and I believed that it would never become stable without them. Nobody was going to win that argument "
    "by talking. So I proposed an experiment. For one month, I would write tests for the invoicing part "
    "only, and we would count the faults that customers found in each part. At the end invoicing had two "
    "faults, and the warehouse, which is about as large, had seventeen. I did not say that I had told "
    "them so. I showed the numbers at the weekly meeting, and I asked who would like to try it next. The "
    "warehouse team volunteered, and by the autumn all of us had agreed on a rule that is still written "
    "on the wall.",
    "What I am most proud of is rather small. Our library has a counter where people return their books, "
    "and elderly visitors used to wait there for up to half an hour, because each loan had to be typed in "
    "by hand. I was only a student assistant, but I had a label printer at home. I made codes for the "
    "three hundred books that were borrowed most often, and I wrote a little program that reads them with "
    "an old supermarket scanner. I showed it to the librarian on a quiet Friday, and she let me try it "
    "for a week. The queue was gone by Wednesday. The next term they put codes on all forty thousand "
    "books. I still meet people who tell me that they now have time for a chat at the counter.",
)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)
