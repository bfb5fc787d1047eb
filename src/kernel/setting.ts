// Settings of the database as a whole: one JSON value per name, checked by its schema when read.
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from './database.ts';

export interface Setting<S extends z.ZodType> {
  readonly name: string;
  readonly schema: S;
}

export const findSetting = async <S extends z.ZodType>(
  tx: Tx,
  setting: Setting<S>,
): Promise<z.output<S> | undefined> => {
  const { rows } = await sql<{ value: unknown }>`select value from setting where name = ${setting.name}`.execute(tx);
  return rows[0] && setting.schema.parse(rows[0].value);
};

export const putSetting = async <S extends z.ZodType>(
  tx: Tx,
  setting: Setting<S>,
  value: z.output<S>,
): Promise<void> => {
  await sql`insert into setting (name, value) values (${setting.name}, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set value = excluded.value`.execute(tx);
};
