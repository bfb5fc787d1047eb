// The calendar file of an office (RFC 5545): what falls due when, by title and count. Nothing of a person is ever in it.
import type { DutyDay } from './duty.ts';

const escapeText = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** Lines longer than 75 octets go on in the next line after a space; a character is never cut. */
const fold = (line: string): string => {
  const lines: string[] = [''];
  let octets = 0;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (octets + size > 74) {
      lines.push('');
      octets = 1;
    }
    lines[lines.length - 1] += character;
    octets += size;
  }
  return lines.join('\r\n ');
};

const compact = (text: string): string => text.replace(/[-:]/g, '');

/** 12:00 in Asia/Shanghai, which has no summer time, as UTC. */
const utcOf = (day: string, time: string): string =>
  `${compact(new Date(`${day}T${time}:00+08:00`).toISOString().slice(0, 19))}Z`;

const when = ({ on, before }: DutyDay): string[] =>
  before === null
    ? [`DTSTART;VALUE=DATE:${compact(on)}`]
    : [`DTSTART:${utcOf(on, before)}`, `DTEND:${utcOf(on, before)}`];

const countWords = ({ open, late, planned }: DutyDay): string =>
  [open > 0 && `待办 ${open} 件`, late > 0 && `逾期 ${late} 件`, planned > 0 && `应办 ${planned} 件`]
    .filter(Boolean)
    .join('，');

interface Feed {
  /** ISO instant of the answer. */
  readonly now: string;
  readonly place: string;
  /** Keeps an event the same in the next file: of the office, not of a person. */
  readonly key: string;
}

/** What is still to be done; a day on which all is done has no event. */
export const icsOf = (days: readonly DutyDay[], { now, place, key }: Feed): string => {
  const stamp = `${compact(now.slice(0, 19))}Z`;
  const events = days
    .filter(({ open, late, planned }) => open + late + planned > 0)
    .flatMap((day) => [
      'BEGIN:VEVENT',
      `UID:${day.duty}-${compact(day.on)}-${compact(day.before ?? '')}-${key}@kangtu`,
      `DTSTAMP:${stamp}`,
      ...when(day),
      `SUMMARY:${escapeText(`${day.title}：${countWords(day)}`)}`,
      `DESCRIPTION:${escapeText(`${place}；依据 ${day.clause.join('、')}，${day.packName}${day.pack.lapsed ? '（文件期限已过、继续执行）' : ''}`)}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Kangtu//Duties//ZH',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escapeText(`${place}职责日历`)}`,
    'X-WR-TIMEZONE:Asia/Shanghai',
    ...events,
    'END:VCALENDAR',
  ];
  return `${lines.map(fold).join('\r\n')}\r\n`;
};
