// People who do not exist: names from pools, ID numbers with right check digits and unused sequence numbers, phones 1990000xxxx.
import { checkCharacter } from '../src/person/identity.ts';
import type { Random } from './random.ts';

const surnames = [
  ...'李王张刘陈杨何赵罗周吴蒲苟岳向冯谢彭邓许唐程魏熊谭曾余苏马吕胡黄朱郭贾杜龚石袁景晏严夏廖青任屈孙鲜',
];
const maleNames =
  '建国 志强 光明 德华 永贵 大勇 文斌 天明 家富 仕林 云飞 正平 友才 清泉 国栋 孝全 登科 明远 绍武 兴发 昌荣 洪波 少华 长春 春生 开元 凯 涛 鹏 杰 松柏 学文 宗明 太平 仁义 定邦 先勇 守信 子豪 俊熙 浩然 晨阳 立新 显贵 兴国 培林 维汉 本善 志远 中华'.split(
    ' ',
  );
const femaleNames =
  '桂英 秀兰 素珍 琼芳 玉梅 小红 晓燕 春花 淑华 丽君 菊香 兰英 月娥 翠莲 雪梅 红霞 桂华 碧珍 思琪 雨欣 琳 艳 敏 静 碧云 清秀 德芳 银花 冬梅 艳萍 明慧 光碧 仕群 友琼 海燕 佳怡 诗涵 莉萍 玉蓉 元秀 国珍 才英 会群 学琴 丛芳 大琼 芝兰 晓蓉 凤仙 小玲'.split(
    ' ',
  );
const villages =
  '前进 新民 红光 双河 石桥 龙凤 青山 柏树 白岩 长田 金星 五星 大坪 团结 清水 云台 高峰 桂花 太平 凤凰'.split(' ');

const kazakhMen = '叶尔兰 努尔兰 哈那提 巴合提 阿依丁 木拉提 赛力克 达吾列提 加尔恒 叶尔肯 马合沙提 阿德力'.split(' ');
const kazakhWomen = '古丽娜 阿依古丽 巴合古丽 加娜尔 努尔古丽 叶尔克 阿曼古丽 沙吾列 再娜甫 迪娜尔'.split(' ');

export type Sex = 'male' | 'female';

export const surnameOf = (random: Random): string => random.pick(surnames);
export const givenNameOf = (random: Random, sex: Sex): string => random.pick(sex === 'male' ? maleNames : femaleNames);
export const nameOf = (random: Random, sex: Sex): string => surnameOf(random) + givenNameOf(random, sex);
/** A name and the father's name, as many in Altay write theirs. */
export const fatherNameOf = (random: Random, sex: Sex): string =>
  `${random.pick(sex === 'male' ? kazakhMen : kazakhWomen)}·${random.pick(kazakhMen)}`;
export const phoneOf = (random: Random): string => `1990000${String(random.int(0, 9999)).padStart(4, '0')}`;
export const villageOf = (random: Random, town: string): string =>
  random.pick(villages) + (town.endsWith('街道') ? '社区' : '村');

/** Sequence numbers from 900 on are kept for people over a hundred years old, so nobody has such a number with these birth days. */
export const idNumberOf = (county: string, birthDate: string, sex: Sex, random: Random): string => {
  const sequence = 900 + random.int(0, 49) * 2 + (sex === 'male' ? 1 : 0);
  const first17 = `${county}${birthDate.replaceAll('-', '')}${sequence}`;
  return first17 + checkCharacter(first17);
};
