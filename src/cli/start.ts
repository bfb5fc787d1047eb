// `kangtu start`: runs the server until it is told to stop.
import { type Command, InvalidArgumentError } from 'commander';
import { describeFault } from '../server/fault-text.ts';
import { type RunningServer, startServer } from '../server/start.ts';

const portOf = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('端口应为 0 至 65535 的整数。');
  return port;
};

const daysOf = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError('天数应为 1 至 3650 的整数。');
  return days;
};

const tell = ({ address, isDemo, hasAccounts }: RunningServer): void => {
  console.log(`\n康途已启动：${address}`);
  if (isDemo) console.log('这是演示：在本机打开上面的地址，选择一个演示身份即可登录。');
  else if (hasAccounts) console.log('用管理员开设的用户名和密码登录。');
  else console.log('还没有账号：请在另一个终端运行 npm run kangtu -- init，设立机构和第一个管理员。');
  console.log('按 Ctrl+C 停止。');
};

const stopOnSignal = (server: Promise<RunningServer>): void => {
  let asked = false;
  const stop = async () => {
    if (asked) process.exit(1);
    asked = true;
    console.log('\n正在停止…');
    try {
      await (await server).stop();
      process.exit(0);
    } catch (error) {
      console.error(describeFault(error));
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
};

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly demo: boolean;
  readonly data?: string;
  readonly url?: string;
  readonly backups?: string;
  readonly keep: number;
}

export const addStart = (program: Command): void => {
  program
    .command('start')
    .description('启动服务器；数据库为空时装入演示数据')
    .option('--port <端口>', '监听的端口', portOf, 8080)
    .option('--host <地址>', '监听的地址；0.0.0.0 为所有网卡', '127.0.0.1')
    .option('--no-demo', '不装演示数据')
    .option('--data <文件夹>', '自带数据库的数据文件夹（或环境变量 KANGTU_DATA）')
    .option('--url <网址>', '经反向代理提供服务时用户打开的网址，例如 https://…（或环境变量 KANGTU_URL）')
    .option('--backups <文件夹>', '每天凌晨两点后加密备份到这个文件夹（或环境变量 KANGTU_BACKUPS）')
    .option('--keep <天数>', '每日备份保留的天数', daysOf, 30)
    .action(async ({ data, url, keep, backups = process.env.KANGTU_BACKUPS, ...flags }: Flags) => {
      const started = startServer({
        ...flags,
        folder: data,
        publicUrl: url,
        backups: backups ? { folder: backups, keepDays: keep } : undefined,
        log: (line) => console.log(line),
      });
      stopOnSignal(started);
      tell(await started);
    });
};
