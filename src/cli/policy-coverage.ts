// `kangtu policy coverage`: what became of every clause of the documents; no database.
import type { Command } from 'commander';
import { Refusal } from '../kernel/refusal.ts';
import { type ClauseCoverage, listCoverage } from '../policy/coverage.ts';
import { getPackLibrary } from '../policy/library.ts';
import type { RuleKind } from '../policy/pack.ts';
import { jsonOption, print } from './open.ts';

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

const coverage = async ({ document, json = false }: { document?: string; json?: boolean }): Promise<void> => {
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
    .option(...jsonOption)
    .action(coverage);
};
