/**
 * The entry: switches on behaviour by data-attributes. Every module exports `start(root)`, which wires the elements it finds
 * under `root` and leaves the page as it is when there are none. Words shown by scripts come from data-attributes of the page.
 */
import { start as autosave } from "./autosave.js";
import { start as waiting } from "./autosave/waiting.js";
import { start as codes } from "./codes.js";
import { start as confirmation } from "./confirm.js";
import { start as copy } from "./copy.js";
import { start as count } from "./count.js";
import { start as countdown } from "./countdown.js";
import { start as day } from "./day.js";
import { start as dialog } from "./dialog.js";
import { start as discussion } from "./discussion.js";
import { start as errorSummary } from "./error_summary.js";
import { start as fastTable } from "./fast_table.js";
import { start as files } from "./files.js";
import { start as markScale } from "./mark_scale.js";
import { start as panels } from "./panels.js";
import { start as poll } from "./poll.js";
import { start as print } from "./print.js";
import { start as questionnaire } from "./questionnaire.js";
import { start as reading } from "./reading.js";
import { start as repeat } from "./repeat.js";
import { start as reveal } from "./reveal.js";
import { start as roving } from "./roving.js";
import { start as rows } from "./rows.js";
import { start as scoreTotal } from "./score_total.js";
import { start as sheetKeys } from "./sheet_keys.js";
import { start as submitGuard } from "./submit_guard.js";
import { start as table } from "./table.js";
import { start as tabs } from "./tabs.js";
import { start as ticked } from "./ticked.js";
import { start as ticks } from "./ticks.js";
import { start as unsaved } from "./unsaved.js";

const modules = [
  waiting, errorSummary, dialog, countdown, count, reveal, table, tabs, panels, reading, repeat, rows, day, codes, files, copy, print,
  markScale, scoreTotal, sheetKeys, poll, roving, ticked, ticks, fastTable, autosave, questionnaire, discussion, unsaved, confirmation,
  submitGuard,
];

for (const start of modules) start(document);
