// Minutes of a meeting as a Word file, from the template that an office may change (templates/minutes.docx).
import { readFileSync } from 'node:fs';
import Docxtemplater from 'docxtemplater';
import PizZip from 'pizzip';
import type { MeetingView } from './meeting.ts';

const template = new URL('../../templates/minutes.docx', import.meta.url);
const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

type Attendee = MeetingView['present'][number];
const named = (list: readonly Attendee[]): string =>
  list.map(({ name, unit }) => (unit === null ? name : `${name}（${unit}）`)).join('、') || '无';

/** The file's name says the day alone. */
export const minutesOf = (meeting: MeetingView): File => {
  const word = new Docxtemplater(new PizZip(readFileSync(template)), { paragraphLoop: true, linebreaks: true });
  const { bodyName: body, heldOn, agenda, place, decisions, present, absent, guests, tasks } = meeting;
  word.render({
    ...{ body, heldOn, agenda, place: place ?? '', decisions: decisions ?? '', present: named(present) },
    ...{ absent: named(absent), guests: guests.join('、') || '无' },
    tasks: tasks.map(({ text, responsible, dueOn, closedOn }) => ({
      ...{ text, responsible, dueOn, closed: closedOn === null ? '未办结' : `${closedOn} 办结` },
    })),
  });
  const bytes = word.getZip().generate({ type: 'uint8array', compression: 'DEFLATE' });
  return new File([new Uint8Array(bytes)], `会议记录-${heldOn}.docx`, { type });
};
