// What a password has to be: length, kinds of characters, no common one, not the user name.
import { z } from 'zod';
import { Refusal } from '../kernel/refusal.ts';
import common from './common-passwords.json' with { type: 'json' };

/** GB/T 22239-2019, 8.1.4.1: identities are checked by passwords that are complex and change. */
export const identityClause = 'GB-01';

const kinds = [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z\d]/];

/** Signs that people write for letters, undone: P@ssw0rd is password. */
const letters: Readonly<Record<string, string>> = { '@': 'a', $: 's', '0': 'o', '3': 'e', '!': 'i' };
const plain = (text: string): string => text.toLowerCase().replace(/[@$03!]/g, (sign) => letters[sign] ?? sign);
const known = new Set(common.passwords.map(plain));
const words = new Set(common.words);

/**
 * The list is of what people choose when made to mix kinds of characters: whole passwords, and words that stay a word when the digits
 * and signs around it are taken off (Admin@123456, 2024Kangfu!!).
 */
const isCommon = (password: string): boolean => {
  const lower = password.toLowerCase();
  const bare = (text: string) => text.replace(/^[^a-z]+|[^a-z]+$/g, '');
  // Letters before signs: in Passw0rd! the last sign is no letter.
  return known.has(plain(lower)) || words.has(bare(lower)) || words.has(bare(plain(lower.replace(/[^a-z]+$/, ''))));
};

/** The first rule that a password breaks, in words; undefined where it keeps them all. */
export const passwordFault = (password: string, username = ''): string | undefined => {
  if (password.length < 10) return '密码至少 10 个字符';
  if (password.length > 128) return '密码最多 128 个字符';
  // So that pages may cut blanks off: they come from copying, and nobody sees them.
  if (password !== password.trim()) return '密码首尾不能是空格';
  if (kinds.filter((kind) => kind.test(password)).length < 3)
    return '密码须包含大写字母、小写字母、数字、其他符号四类中的至少三类';
  if (new Set(password).size < 5) return '密码中不同的字符太少，请换一个';
  if (username !== '' && password.toLowerCase().includes(username.toLowerCase())) return '密码不能包含用户名';
  if (isCommon(password)) return '这个密码太常见，容易被猜到，请换一个';
  return undefined;
};

/** For forms and commands, which tell the rule before anything is sent. */
export const Password = z.string().check((context) => {
  const fault = passwordFault(context.value);
  if (fault) context.issues.push({ code: 'custom', message: fault, input: context.value });
});

/** As it comes in: `checkPassword` says what is wrong with it, with the clause. */
export const PasswordInput = z.string().max(200, '密码最多 128 个字符');

export const refusePassword = (code: string, fault: string): Refusal =>
  new Refusal(code, `${fault}。`, { kind: 'input', fields: { password: fault }, cites: [identityClause] });

/** Refuses `passwordWeak`. */
export const checkPassword = (password: string, username: string): void => {
  const fault = passwordFault(password, username);
  if (fault) throw refusePassword('passwordWeak', fault);
};
