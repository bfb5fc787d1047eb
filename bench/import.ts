// What importing a census list costs: rows a second through the product's own steps, against COPY of what they write on the same engine.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { systemClock } from '../src/kernel/calendar.ts';
import { type Database, openDatabase } from '../src/kernel/database.ts';
import { censusHandlers } from '../src/person/census.server.ts';
import { runImport, runPlan } from '../src/person/census-run.server.ts';
import { stageList } from '../src/person/census-upload.server.ts';
import { checkCharacter } from '../src/person/identity.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { contextOf } from '../src/server/http.ts';
import { type Bench, clerk, type Line } from './harness.ts';

// Another county than that of the other lines, whose rows stay out of the way.
const county = '511921';
const actor = { ...clerk, scope: county };
const size = 5000;
const runs = 3;
const surnames = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗';
const given = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国';
const towns = ['诺江镇', '壁州街道', '广纳镇', '铁佛镇', '麻石镇', '至诚镇', '洪口镇', '沙溪镇', '瓦室镇', '永安镇'];
const header = '序号,姓名,性别,身份证号,残疾证号,乡镇,村,监护人,监护人电话,联系电话,备注';
const at = (letters: string, i: number): string => letters[i % letters.length] ?? '';

/** A person of the register whom no other `i` is: the day of birth and the sequence make the number. */
const personRow = (i: number): string => {
  const born = new Date(Date.UTC(1940, 0, 1 + ((i * 7919) % 25_000))).toISOString().slice(0, 10).replaceAll('-', '');
  const first17 = `${county}${born}${String(1 + Math.floor(i / 25_000)).padStart(3, '0')}`;
  const number = first17 + checkCharacter(first17);
  const sex = Number(number[16]) % 2 ? '男' : '女';
  const surname = at(surnames, i);
  const name = surname + at(given, i * 7) + at(given, i * 13 + 3);
  const phone = String(10_000_000 + i);
  const place = `${towns[i % towns.length]},第${i % 40}村`;
  return `${i + 1},${name},${sex},${number},${number}6${1 + (i % 4)},${place},${surname}大山,139${phone},138${phone},无`;
};

const steps = async (database: Database, path: string): Promise<{ all: number; word: number }> => {
  const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, actor, 'bench');
  const run = { database, ctx, progress: async () => undefined };
  const id = uuidv7();
  const start = performance.now();
  await database.as(actor, (tx) =>
    stageList(tx, ctx, { id, sender: 'federation', fileName: 'bench.csv', path, area: county }),
  );
  const plan = { id: uuidv7(), list: id, listedOn: ctx.today, columns: [] };
  await database.as(actor, (tx) => censusHandlers.plan(tx, ctx, plan));
  await runPlan(run, id, plan.id);
  const planned = performance.now();
  await database.as(actor, (tx) => censusHandlers.confirm(tx, ctx, { id: uuidv7(), list: id }));
  await runImport(run, id);
  const end = performance.now();
  return { all: end - start, word: end - planned };
};

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A COPY of pg's own protocol handlers: in, what it is given; out, what it collects. */
class Copy extends pg.Query {
  readonly chunks: Buffer[];
  constructor(text: string, chunks: Buffer[]) {
    super(text);
    this.chunks = chunks;
  }
  handleCopyInResponse(connection: CopyConnection): void {
    for (const chunk of this.chunks) connection.sendCopyFromChunk(chunk);
    connection.endCopyFrom();
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.chunks.push(Buffer.from(chunk));
  }
}

const copy = async (client: pg.ClientBase, text: string, chunks: Buffer[] = []): Promise<Buffer[]> => {
  const query = new Copy(text, chunks);
  client.query(query);
  await once(query, 'end');
  return query.chunks;
};

const written = ['person', 'entry', 'entry_subject', 'chain', 'tally', 'file', 'fact'];

const middle = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Rows a second of COPY of what the county has in these tables into empty ones with the same indexes. */
const copySpeed = async (admin: pg.Pool, tables: readonly string[]): Promise<number> => {
  const client = await admin.connect();
  try {
    const rows = new Map<string, Buffer[]>();
    for (const table of tables) {
      await client.query(
        `create table if not exists bench_${table} (like ${table} including defaults including indexes)`,
      );
      rows.set(table, await copy(client, `copy (select * from ${table} where county = '${county}') to stdout`));
    }
    await client.query(`truncate ${tables.map((table) => `bench_${table}`).join()}`);
    const { rows: made } = await client.query(`select count(*)::int as persons from person where county = '${county}'`);
    const start = performance.now();
    for (const [table, chunks] of rows) await copy(client, `copy bench_${table} from stdin`, chunks);
    return (made[0].persons * 1000) / (performance.now() - start);
  } finally {
    client.release();
  }
};

interface Speeds {
  readonly imported: number;
  readonly whole: number;
  readonly persons: number;
  readonly all: number;
}

/**
 * Rows a second of lists of persons nobody knows yet. The floors, which copy the same persons, and all that was written for them, take
 * turns with the lists, so that whatever else the machine does slows both alike; each ratio is of one turn.
 */
export const importLines = async (bench: Bench): Promise<Line[]> => {
  const database = openDatabase(bench.app, { keys: bench.keys });
  const folder = await mkdtemp(join(tmpdir(), 'kangtu-bench-'));
  const path = join(folder, 'list.csv');
  const turns: Speeds[] = [];
  for (let run = 0; run <= runs; run++) {
    const rows = Array.from({ length: size }, (_, i) => personRow(run * size + i));
    await writeFile(path, [header, ...rows].join('\r\n'));
    const { all, word } = await steps(database, path);
    turns.push({
      imported: (size * 1000) / word,
      whole: (size * 1000) / all,
      persons: await copySpeed(bench.admin, ['person']),
      all: await copySpeed(bench.admin, written),
    });
  }
  await rm(folder, { recursive: true });
  await database.close();
  // The first warms up.
  const warm = turns.slice(1);
  const line = (name: string, ours: keyof Speeds, floor: string, theirs: keyof Speeds, target: string): Line => ({
    name,
    floor,
    ours: middle(warm.map((turn) => turn[ours])),
    theirs: middle(warm.map((turn) => turn[theirs])),
    unit: 'rows/s',
    ratio: middle(warm.map((turn) => turn[ours] / turn[theirs])),
    target,
  });
  const whole = 'COPY of all 7 tables that it writes';
  return [
    line(
      'import of 5,000 persons, once planned',
      'imported',
      'COPY of the persons',
      'persons',
      '≥ 0.1 or 5,000 rows/s',
    ),
    line('the same', 'imported', whole, 'all', '—'),
    line('read, planned and imported', 'whole', whole, 'all', '—'),
  ];
};
