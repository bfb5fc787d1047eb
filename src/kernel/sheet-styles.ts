// The fixed set of cell looks that written workbooks use, numbered as they stand in styles.xml.

const formats = ['text', 'integer', 'decimal', 'percent', 'day', 'title', 'header', 'note'] as const;
const tones = ['plain', 'strong', 'good', 'warn', 'bad', 'muted'] as const;
/** What a column holds: `integer` 1,234 · `decimal` 1,234.5 · `percent` 12.3% · `day` 2024-01-31. */
export type CellFormat = Exclude<(typeof formats)[number], 'title' | 'header' | 'note'>;
export type CellTone = (typeof tones)[number];

/** Index of a look in `stylesXml`. */
export const styleOf = (format: (typeof formats)[number], tone: CellTone = 'plain'): number =>
  1 + formats.indexOf(format) * tones.length + tones.indexOf(tone);

// 49 is text ('@'), 3 is #,##0 (ECMA-376 18.8.30); 164 and on are ours, below.
const numberFormat: Readonly<Record<(typeof formats)[number], number>> = {
  text: 49,
  integer: 3,
  decimal: 165,
  percent: 166,
  day: 164,
  title: 49,
  header: 49,
  note: 49,
};

const fillOf: Readonly<Record<CellTone, number>> = { plain: 0, strong: 0, good: 2, warn: 3, bad: 4, muted: 0 };
const fontOf = (format: string, tone: CellTone): number =>
  format === 'title' ? 2 : format === 'header' || tone === 'strong' ? 1 : tone === 'muted' || format === 'note' ? 3 : 0;

const alignment = (format: string): string => {
  if (format === 'title' || format === 'header')
    return '<alignment horizontal="center" vertical="center" wrapText="1"/>';
  if (format === 'text' || format === 'note') return '<alignment vertical="center" wrapText="1"/>';
  return '<alignment horizontal="right" vertical="center"/>';
};

const looks = formats.flatMap((format) =>
  tones.map((tone) => {
    const fill = format === 'header' ? 5 : fillOf[tone];
    const border = format === 'title' || format === 'note' ? 0 : 1;
    return (
      `<xf numFmtId="${numberFormat[format]}" fontId="${fontOf(format, tone)}" fillId="${fill}" borderId="${border}" xfId="0" ` +
      `applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">${alignment(format)}</xf>`
    );
  }),
);

const font = (size: number, extra: string): string =>
  `<font>${extra}<sz val="${size}"/><name val="宋体"/><charset val="134"/></font>`;
const fill = (rgb: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="FF${rgb}"/><bgColor indexed="64"/></patternFill></fill>`;
const line = (side: string): string => `<${side} style="thin"><color rgb="FF999999"/></${side}>`;

export const stylesXml =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
  '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.0"/>' +
  '<numFmt numFmtId="166" formatCode="0.0%"/></numFmts>' +
  `<fonts count="4">${font(11, '')}${font(11, '<b/>')}${font(18, '<b/>')}${font(11, '<color rgb="FF666666"/>')}</fonts>` +
  '<fills count="6"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  `${fill('E6F4EA')}${fill('FFF4D6')}${fill('FBE3E1')}${fill('EEF1F5')}</fills>` +
  '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>' +
  `<border>${['left', 'right', 'top', 'bottom'].map(line).join('')}<diagonal/></border></borders>` +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="${looks.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${looks.join('')}</cellXfs>` +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
