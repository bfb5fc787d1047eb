// `kangtu keys`: how personal fields are sealed, a new master key while the server runs, and the suite of ciphers.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { countKeys, rotateMaster } from '../kernel/key-rotation.ts';
import { sealing } from '../kernel/keys.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting, putSetting } from '../kernel/setting.ts';
import { type DataFlag, dataOption, jsonOption, print, withDatabase } from './open.ts';

interface Flags extends DataFlag {
  readonly json?: boolean;
  readonly forgetOld?: boolean;
}

const suites = { standard: 'AES-256-GCM、SHA-256', gm: '国密 SM4-GCM、SM3' } as const;

const status = (flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ engine, database }) => {
    const { setting, counts } = await database.as(machineActor, async (tx) => ({
      setting: await findSetting(tx, sealing),
      counts: await countKeys(tx),
    }));
    const masters = (await engine.masterKeys.read()).map(({ id }) => id);
    const suite = setting?.suite ?? 'standard';
    if (flags.json) return print({ suite, source: engine.masterKeys.label.trim(), masters, ...counts });
    console.log(`加密套件：${suites[suite]}`);
    console.log(`主密钥来自${engine.masterKeys.label.trim()}：${masters.join('、')}（第一把为现用）`);
    for (const { master, keys } of counts.byMaster) console.log(`  主密钥 ${master} 保护 ${keys} 把数据密钥`);
    console.log(`已封存 ${counts.withheld} 人，已删除 ${counts.destroyed} 人。`);
  });

const rotate = (flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ engine, database }) => {
    const done = await rotateMaster(database, engine.masterKeys, {
      forgetOld: flags.forgetOld ?? false,
      progress: (keys) => console.error(`已换 ${keys} 把…`),
    });
    if (flags.json) return print(done);
    console.log(`已改由主密钥 ${done.master} 保护，共换 ${done.rewrapped} 把数据密钥。`);
    if (engine.masterKeys.write && !flags.forgetOld)
      console.log(
        '旧的主密钥仍留在文件里，以便打开以前未加密的备份和导出的日志；不再需要时加 --forget-old 再运行一次。',
      );
    console.log('请把新的主密钥文件另存他处。');
  });

const chooseSuite = (suite: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ database }) => {
    if (suite !== 'standard' && suite !== 'gm')
      throw new Refusal('inputInvalid', '加密套件只能是 standard 或 gm。', { kind: 'input' });
    await database.as(machineActor, async (tx) => {
      const now = await findSetting(tx, sealing);
      if (now) await putSetting(tx, sealing, { ...now, suite });
    });
    console.log(`今后写入的个人信息用${suites[suite]}加密；以前的照旧可读。运行中的服务重新启动后生效。`);
  });

export const addKeys = (program: Command): void => {
  const keys = program.command('keys').description('个人信息的加密：现状、更换主密钥、加密套件').helpCommand(false);
  keys
    .command('status')
    .description('用什么加密，主密钥从哪里来，各保护多少数据密钥')
    .option(...dataOption)
    .option(...jsonOption)
    .action(status);
  keys
    .command('rotate')
    .description('换一把主密钥；服务不用停，中断后再运行一次即可接着换')
    .option('--forget-old', '换完后从主密钥文件中删去旧的')
    .option(...dataOption)
    .option(...jsonOption)
    .action(rotate);
  keys
    .command('suite')
    .description('选择今后加密所用的套件：standard 或 gm（国密）')
    .argument('<套件>')
    .option(...dataOption)
    .action(chooseSuite);
};
