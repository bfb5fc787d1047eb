// What a form asks of a zod schema: the schema of one field, whether it is required, and values without blanks.
import { z } from 'zod';

export type NamePath = readonly (string | number)[];

export const pathOf = (path: NamePath): string => path.join('.');

const unwrap = (schema: z.ZodType): z.ZodType => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
};

/** The schema at a path of object keys and array indexes; undefined where the schema is not made of plain objects and arrays (a union). */
export const fieldSchema = (schema: z.ZodType, [key, ...rest]: NamePath): z.ZodType | undefined => {
  if (key === undefined) return schema;
  const outer = unwrap(schema);
  if (outer instanceof z.ZodArray) return fieldSchema(outer.element as z.ZodType, rest);
  if (!(outer instanceof z.ZodObject)) return undefined;
  const inner: z.ZodType | undefined = outer.shape[String(key)];
  return inner === undefined ? undefined : fieldSchema(inner, rest);
};

export const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;

/** An untouched input gives '', null or undefined: all mean "not given" and are left out, at any depth. Arrays keep their length. */
export const withoutBlanks = (value: unknown): unknown => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, field]) => [key, withoutBlanks(field)] as const)
      .filter(([, field]) => field !== undefined),
  );
};

/** What is wrong with a field, in words that name it: they are also read where the field is out of sight. */
export const withLabel = (label: string, text: string): string => (text.includes(label) ? text : `${label}：${text}`);
