// How alike two Chinese names are: same, written differently, perhaps the same, or different.
import { pinyin } from 'pinyin-pro';

/**
 * `same` letter by letter after cleaning · `variant` differs only in traditional, variant or unprintable characters ·
 * `homophone` sounds alike · `near` one character of three or more differs · `different`.
 */
export type NameLikeness = 'same' | 'variant' | 'homophone' | 'near' | 'different';

// Pairs seen in registers: traditional or variant form, then the usual one. Surnames simplified by habit (闫阎, 付傅, 肖萧) too.
const pairs =
  '張张陳陈劉刘黃黄趙赵吳吴孫孙馬马楊杨許许鄧邓馮冯蘇苏盧卢蔣蒋葉叶羅罗鄭郑謝谢韓韩龍龙國国華华榮荣麗丽蘭兰鳳凤瓊琼偉伟強强軍军紅红雲云東东興兴' +
  '貴贵銀银書书學学蓮莲風风飛飞齊齐慶庆寶宝萬万義义會会賢贤應应純纯樹树勝胜豐丰愛爱夢梦靜静瑩莹煒炜曉晓瀾澜燦灿輝辉錦锦鋒锋鑒鉴闊阔陽阳雙双顏颜' +
  '峯峰堃坤昇升喆哲甯宁淸清靑青髙高吕呂閆闫阎闫傅付蕭肖萧肖餘余於于鉄铁鐵铁徳德恵惠弍二玊玉仝同昺炳赟贇珎珍逺远昻昂甦苏';

const usual = new Map<string, string>();
const letters = [...pairs];
for (let i = 0; i + 1 < letters.length; i += 2) usual.set(letters[i] ?? '', letters[i + 1] ?? '');

/** A name for comparing: compatibility forms folded, no spaces, dots or case. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s·•‧∙・･.⋅*]/g, '')
    .toLowerCase();

const fold = (name: string): string[] => [...name].map((letter) => usual.get(letter) ?? letter);

// What programs leave where they could not print a rare character: question marks, boxes, private-use code points.
const isHole = (letter: string): boolean => /[?□〓▯\ufffd\p{Co}]/u.test(letter);

const soundOf = (name: string): string => pinyin(name, { toneType: 'none', type: 'array', v: true }).join(' ');

export const compareNames = (a: string, b: string): NameLikeness => {
  const [left, right] = [nameKey(a), nameKey(b)];
  if (left === '' || right === '') return 'different';
  if (left === right) return 'same';
  const [x, y] = [fold(left), fold(right)];
  const holes = [...x, ...y].filter(isHole).length;
  const apart = x.filter((letter, i) => letter !== y[i] && !isHole(letter) && !isHole(y[i] ?? '')).length;
  if (x.length === y.length && apart === 0 && holes < Math.min(x.length, 2)) return 'variant';
  if (x.length === y.length && x.length <= 6 && soundOf(x.join('')) === soundOf(y.join(''))) return 'homophone';
  return x.length === y.length && x.length >= 3 && x[0] === y[0] && apart === 1 ? 'near' : 'different';
};
