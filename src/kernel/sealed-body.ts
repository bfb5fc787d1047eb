// Which fields of a schema are sealed (`.meta({ sealed: true })`), and how a value's sealed fields are replaced.
import { z } from 'zod';

/** Whether a member is sealed, by what stands beside it. */
type When = (holder: unknown) => boolean;

/** `true`: the value itself; otherwise its members, or each of its items. */
export type SealedFields = true | When | { readonly [member: string]: SealedFields } | readonly [SealedFields];

const known = new WeakMap<z.ZodType, SealedFields | null>();

const inside = (schema: z.ZodType): SealedFields | null => {
  const { sealed } = z.globalRegistry.get(schema) ?? {};
  if (sealed === true) return true;
  if (typeof sealed === 'function') return sealed as When;
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, member]) => {
      const fields = sealedFieldsOf(member);
      return fields ? [[name, fields] as const] : [];
    });
    return members.length ? Object.fromEntries(members) : null;
  }
  if (schema instanceof z.ZodArray) {
    const fields = sealedFieldsOf(schema.element as z.ZodType);
    return fields && [fields];
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodPrefault
  )
    return sealedFieldsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe)
    return sealedFieldsOf(schema.in as z.ZodType) ?? sealedFieldsOf(schema.out as z.ZodType);
  if (schema instanceof z.ZodUnion) {
    const found = (schema.options as z.ZodType[]).map(sealedFieldsOf).filter((fields) => fields !== null);
    if (found.some((fields) => fields === true || Array.isArray(fields)) && found.length > 1)
      throw new Error('a union of sealed and other values cannot be told apart: put the seal on the union');
    return found.length ? (found.length === 1 ? (found[0] as SealedFields) : Object.assign({}, ...found)) : null;
  }
  return null;
};

/** Null where nothing in it is sealed. */
export const sealedFieldsOf = (schema: z.ZodType): SealedFields | null => {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const fields = inside(schema);
  known.set(schema, fields);
  return fields;
};

/** A copy in which each sealed field that has a value is what `replace` makes of it. */
export const replaceSealed = (
  fields: SealedFields,
  value: unknown,
  replace: (value: object | string) => unknown,
): unknown => {
  if (value === null || value === undefined) return value;
  if (fields === true) return replace(value as object | string);
  if (Array.isArray(value)) {
    const [each] = Array.isArray(fields) ? (fields as readonly [SealedFields]) : [undefined];
    return each ? value.map((item) => replaceSealed(each, item, replace)) : value;
  }
  if (typeof value !== 'object' || Array.isArray(fields)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, member] of Object.entries(fields)) {
    const fieldsOf = typeof member === 'function' ? member(copy) : member;
    if (fieldsOf && copy[name] !== undefined) copy[name] = replaceSealed(fieldsOf, copy[name], replace);
  }
  return copy;
};
