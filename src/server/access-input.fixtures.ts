// The smallest input that an operation's own schema takes, with real ids and places where it asks for them.
import type { z } from 'zod';

/** What is filled in where a field of that name asks for an id or a place: `person`, `town` … */
export type Known = Readonly<Record<string, string>>;

export interface SmallestInput {
  readonly input: unknown;
  /** The fields filled from what is known: whom and which place the request names. */
  readonly refs: ReadonlySet<string>;
}

/** What zod says of a schema, as far as the tests walk it. */
export interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly options?: z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly entries?: Record<string, string>;
  readonly values?: unknown[];
  readonly checks?: { readonly _zod: { readonly def: { readonly check: string; readonly minimum?: number } } }[];
}

export const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;

/** Texts and numbers that the contract's patterns and limits ask for; the first that fits is taken. */
const texts = ['甲', '甲乙', '13800000000', '2024-11-10', '2024-10', '2024-H2', '09:00', 'smallest.user', '511902', ''];
const numbers = [0, 1, 5];
/** Fields of identity and password, whose schema takes more than the handler does. */
const byField: Readonly<Record<string, string>> = { password: 'smallest-Pass-1' };

const fits = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const isAbsent = (type: string): boolean => ['optional', 'default', 'prefault', 'catch'].includes(type);
/** `persons` → `person` */
export const singular = (field: string): string => field.replace(/s$/, '');

/**
 * The smallest input of `schema`: what may be left out is, lists are as short as they may be. With `naming`, fields that may name
 * somebody or a place do, as a reader does who knows an id from elsewhere. With `strangers`, an id that is not known is one of nothing. Throws where a schema has no value here.
 */
export const smallestInput = (
  schema: z.ZodType,
  known: Known,
  {
    id,
    naming = false,
    strangers = false,
  }: { readonly id: () => string; readonly naming?: boolean; readonly strangers?: boolean },
): SmallestInput => {
  const refs = new Set<string>();

  const take = (field: string): string => {
    refs.add(field);
    return known[field] as string;
  };
  const text = (one: z.ZodType, field: string): string => {
    if (field === 'id') return id();
    if (field in known && fits(one, known[field])) return take(field);
    const found = [byField[field], ...texts, ...(strangers ? [id()] : [])].find(
      (value) => value !== undefined && fits(one, value),
    );
    if (found === undefined) throw new Error(`no text fits the field "${field}"`);
    return found;
  };
  const namesSomething = (one: z.ZodType, field: string): boolean =>
    naming && field in known && fits(one, known[field]);

  const fieldsOf = (shape: Record<string, z.ZodType>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(shape)
        .filter(([field, one]) => !isAbsent(defOf(one).type) || namesSomething(one, field))
        .map(([field, one]) => [field, value(one, field)]),
    );

  const value = (one: z.ZodType, field: string): unknown => {
    const def = defOf(one);
    switch (def.type) {
      case 'object':
        return fieldsOf(def.shape ?? {});
      case 'array': {
        const least = def.checks?.find(({ _zod }) => _zod.def.check === 'min_length')?._zod.def.minimum ?? 0;
        return Array.from({ length: least }, () => value(def.element as z.ZodType, singular(field)));
      }
      case 'record':
        return {};
      case 'nullable':
        return null;
      case 'string':
        return text(one, field);
      case 'number':
        return numbers.find((number) => fits(one, number));
      case 'boolean':
        return true;
      case 'enum':
        return Object.values(def.entries ?? {})[0];
      case 'literal':
        return def.values?.[0];
      case 'union':
        return value(def.options?.[0] as z.ZodType, field);
      case 'file':
        return new File(['姓名,联系电话\n甲,13800000000\n'], 'smallest.csv');
      // Any JSON: in the contract the value of a fact, whose first kind is a birth date.
      case 'lazy':
        return '1990-01-01';
      case 'pipe':
        return value((defOf(def.in as z.ZodType).type === 'transform' ? def.out : def.in) as z.ZodType, field);
      default:
        if (def.innerType) return value(def.innerType, field);
        throw new Error(`no smallest value for ${def.type} in the field "${field}"`);
    }
  };

  return { input: value(schema, ''), refs };
};
