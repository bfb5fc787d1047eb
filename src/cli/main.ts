#!/usr/bin/env node
// The command `kangtu`: one sub-command per file, refusals as plain sentences, faults with their trace.
import { Command } from 'commander';
import { Refusal } from '../kernel/refusal.ts';
import { addIndicator } from './indicator.ts';
import { addInit } from './init.ts';
import { addStart } from './start.ts';

const program = new Command('kangtu')
  .description('康途：精神障碍社区康复服务管理')
  .showHelpAfterError('（加 --help 查看用法）')
  .helpOption('-h, --help', '显示用法')
  .helpCommand(false);

addStart(program);
addInit(program);
addIndicator(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
