// `kangtu policy coverage`: what became of every clause of the documents; with an area, also how it stands there.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type ClauseCoverage, listCoverage } from '../policy/coverage.ts';
import { getPackLibrary } from '../policy/library.ts';
import type { RuleKind } from '../policy/pack.ts';
import { evidenceApi } from '../reporting/evidence.api.ts';
import { listEvidence } from '../reporting/evidence.server.ts';
import { EvidenceCount, type EvidencePart, type EvidenceRow } from '../reporting/evidence.ts';
import { evidenceWords as words } from '../reporting/evidence-words.ts';
import { type DataFlag, dataOption, jsonOption, print, withDatabase } from './open.ts';

const kindNames: Readonly<Record<RuleKind, string>> = {
  criterion: '准入条件',
  standard: '规范要求',
  duty: '职责',
  indicator: '指标',
  milestone: '节点',
};

/** Operations by the clauses that their contract cites; the contract is loaded for this command alone. */
const listCiting = async (): Promise<Map<string, string[]>> => {
  const [{ contract }, { accessRows }] = await Promise.all([
    import('../server/contract.ts'),
    import('../server/access-guide.ts'),
  ]);
  const citing = new Map<string, string[]>();
  for (const { meta } of accessRows(contract))
    for (const clause of meta.clauses) citing.set(clause, [...(citing.get(clause) ?? []), meta.name]);
  return citing;
};

const tell = (rows: readonly ClauseCoverage[]): void => {
  for (const { clause, kinds, summary, rules, operations, planned } of rows) {
    console.log(`${clause} ${kinds.join('')}\t${summary}`);
    for (const { pack, id, kind, title } of rules) console.log(`\t${kindNames[kind]}：${title}（${pack} ${id}）`);
    if (operations.length > 0) console.log(`\t操作：${operations.join('、')}`);
    if (planned !== null) console.log(`\t待建：${planned}`);
  }
  const ruled = rows.filter(({ rules }) => rules.length > 0).length;
  const planned = rows.filter((row) => row.planned !== null).length;
  const operated = rows.length - ruled - planned;
  console.log(`条款 ${rows.length} 条：有规则 ${ruled} 条，只有操作 ${operated} 条，待建 ${planned} 条。`);
};

const amount = (value: number | null, counted: boolean): string => {
  if (value === null) return '—';
  return counted ? String(value) : `${(value * 100).toFixed(1)}%`;
};

const figureOf = ({ figure: { indicator, counts, latestOn } }: EvidencePart): string => {
  if (indicator) {
    const counted = indicator.denominator === null;
    const of = counted ? '' : `${indicator.numerator ?? '＊'}/${indicator.denominator} = `;
    return `${of}${amount(indicator.value, counted)} 目标 ${amount(indicator.target, counted)}`;
  }
  return EvidenceCount.options
    .filter((what) => counts[what] !== undefined && counts[what] !== 0)
    .map((what) => words.counts[what].replace('{{count}}', String(counts[what] ?? '＊')))
    .concat(latestOn === null ? [] : [words.latest.replace('{{day}}', latestOn)])
    .join('，');
};

const tellEvidence = (rows: readonly EvidenceRow[]): void => {
  for (const { clause, kinds, summary, state, parts, planned } of rows) {
    console.log(`${clause} ${kinds.join('')}\t${state === null ? '—' : words.state[state]}\t${summary}`);
    for (const part of parts) {
      const titles = part.kind === 'ledger' ? planned : part.rules.map(({ title }) => title).join('、');
      const lapsed = part.rules.some(({ endedOn }) => endedOn !== null) ? '（文件期限已过、继续执行）' : '';
      console.log(`\t${words.kinds[part.kind]}：${titles} ${figureOf(part)}${lapsed}`);
    }
  }
};

interface Flags extends DataFlag {
  readonly document?: string;
  readonly area?: string;
  readonly json?: boolean;
}

const evidence = async ({ area, document, json = false, ...data }: Flags): Promise<void> => {
  const input = evidenceApi.list['~orpc'].inputSchema?.safeParse({ area, document });
  if (!input?.success)
    throw new Refusal('inputInvalid', '参数有误：地区写 4、6 或 9 位行政区划代码，文件编号形如 BZ。', {
      kind: 'input',
    });
  const found = await withDatabase(data, ({ database, ctx }) =>
    database.as(machineActor, (tx) => listEvidence(tx, ctx, input.data)),
  );
  if (json) print(found);
  else tellEvidence(found.rows);
};

const coverage = async ({ document, json = false, ...flags }: Flags): Promise<void> => {
  if (flags.area !== undefined) return evidence({ document, json, ...flags } as Flags);
  const all = listCoverage(getPackLibrary(), await listCiting());
  const prefixes = [...new Set(all.map(({ clause }) => clause.slice(0, 2)))];
  if (document !== undefined && !prefixes.includes(document))
    throw new Refusal('inputInvalid', `没有编号为 ${document} 的文件，可用：${prefixes.join('、')}。`, {
      kind: 'input',
    });
  const rows = all.filter(({ clause }) => document === undefined || clause.startsWith(document));
  if (json) print(rows);
  else tell(rows);
};

export const addCoverage = (policy: Command): void => {
  policy
    .command('coverage')
    .description('每一条条款的着落：引用它的规则、承办它的操作，或者待建的台账')
    .option('--document <编号>', '只看一份文件，例如 BZ')
    .option('--area <代码>', '连同一地现在的落实情况：4 位市、6 位县（区）或 9 位乡镇（街道）代码')
    .option(...jsonOption)
    .option(...dataOption)
    .action(coverage);
};
