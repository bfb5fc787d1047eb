#!/usr/bin/env node
// The command `kangtu`: one sub-command per file, refusals as plain sentences, faults with their trace.
import { Command } from 'commander';
import { Refusal } from '../kernel/refusal.ts';
import { describeFault } from '../server/fault-text.ts';
import { addAudit } from './audit.ts';
import { addBackup } from './backup.ts';
import { addDuties } from './duties.ts';
import { addImport } from './import.ts';
import { addIndicator } from './indicator.ts';
import { addInit } from './init.ts';
import { addJournal } from './journal.ts';
import { addKeys } from './keys.ts';
import { addPolicy } from './policy.ts';
import { addRescue, addSignIn } from './sign-in.ts';
import { addStart } from './start.ts';

const program = new Command('kangtu')
  .description('康途：精神障碍社区康复服务管理')
  .showHelpAfterError('（加 --help 查看用法）')
  .helpOption('-h, --help', '显示用法')
  .helpCommand(false);

addStart(program);
addInit(program);
addBackup(program);
addKeys(program);
addJournal(program);
addAudit(program);
addPolicy(program);
addIndicator(program);
addDuties(program);
addImport(program);
addSignIn(program);
addRescue(program);

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Refusal ? error.message : describeFault(error));
  process.exitCode = 1;
}
