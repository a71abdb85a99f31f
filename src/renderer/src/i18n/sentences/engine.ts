/** Errors that anything may end with, the connection, and what a door refuses. */
import type { SentencePair } from './translator.ts'

export const engine: readonly SentencePair[] = [
  // src/shared/errors.ts
  ['{path} does not exist.', '{path} 不存在。'],
  ['Check the path for a typing mistake.', '请检查路径是否有误。'],
  ['{path} may not be opened by this user.', '当前用户无权打开 {path}。'],
  ['{path} may not be changed by this user.', '当前用户无权更改 {path}。'],
  ['Check the permissions of the file and its folder.', '请检查该文件及其文件夹的权限。'],
  ['{path} lies on a read-only disk.', '{path} 位于只读磁盘上。'],
  ['Choose a folder that can be written to.', '请选择可写入的文件夹。'],
  ['{path} could not be written: the disk is full.', '无法写入 {path}：磁盘已满。'],
  ['{path} could not be written: the disk quota is used up.', '无法写入 {path}：磁盘配额已用完。'],
  [
    'Free some space and run the same command again; what is finished is kept.',
    '请腾出空间后重新运行；已完成的部分会保留。',
  ],
  ['{path} is a file where a folder is needed.', '{path} 是文件，这里需要文件夹。'],
  ['Give the folder that holds the files.', '请给出存放这些文件的文件夹。'],
  ['{path} is a folder where a file is needed.', '{path} 是文件夹，这里需要文件。'],
  ['Give the path of a file.', '请给出文件的路径。'],
  ['The database may not be written to.', '无法写入数据库。'],
  ['{path} may not be written to.', '无法写入 {path}。'],
  ['{path} could not be opened.', '无法打开 {path}。'],
  [
    'Check the permissions of the data folder, or set PARALLAX_HOME to another one.',
    '请检查数据文件夹的权限，或将 PARALLAX_HOME 设为另一个文件夹。',
  ],
  [
    'The database is busy: another Parallax has been writing for a long time.',
    '数据库正忙：另一个 Parallax 已写入很久。',
  ],
  [
    'Wait for it, or stop it with parallax jobs cancel.',
    '请等待其结束，或用 parallax jobs cancel 将其停止。',
  ],
  ['The database is damaged.', '数据库已损坏。'],
  ['{path} is damaged.', '{path} 已损坏。'],
  [
    'A copy from before the last update may lie beside it (*.before-v…). Set PARALLAX_HOME to start with an empty one.',
    '旁边可能有上次更新之前的副本（*.before-v…）。将 PARALLAX_HOME 设为新文件夹即可从空数据库开始。',
  ],
  ['{path} is no database.', '{path} 不是数据库。'],
  ['Move the file away; a new database is made in its place.', '请移走该文件，随后会新建数据库。'],
  ['{path} could not be opened: too many files are open.', '无法打开 {path}：打开的文件过多。'],
  [
    'Close other programs or raise the limit of open files (ulimit -n).',
    '请关闭其他程序，或提高可打开文件数上限（ulimit -n）。',
  ],
  [
    'The database {file} was written by a newer version of Parallax.',
    '数据库 {file} 由更新版本的 Parallax 写入。',
  ],
  [
    'Update Parallax, or set PARALLAX_HOME to another folder.',
    '请更新 Parallax，或将 PARALLAX_HOME 设为另一个文件夹。',
  ],

  // src/main/core/dispatch.ts, src/main/hosts
  ['There is no operation "{name}".', '没有名为“{name}”的操作。'],
  ['{name}: the request is not valid.\n{rest}', '{name}：请求无效。\n{rest}'],
  ['This page asks for too much at once.', '此页面一次请求过多。'],
  ['Wait for answers, or reload the page.', '请等待应答，或重新加载页面。'],
  ['The token is missing or wrong.', '令牌缺失或不正确。'],
  ['The message is too large.', '消息过大。'],
  ['The body is not JSON.', '请求内容不是 JSON。'],
  ['The engine needs Node {oldest}; here it is {version}.', '引擎需要 Node {oldest}；当前为 {version}。'],
  [
    'Set PARALLAX_ENGINE_NODE to the path of a newer Node program and start Parallax again.',
    '请将 PARALLAX_ENGINE_NODE 设为更新的 Node 程序的路径，然后重新启动 Parallax。',
  ],
  ['{node} could not be started: {reason}.', '无法启动 {node}：{reason}。'],
  ['The engine stopped ({status}).', '引擎已停止（{status}）。'],
  ['A worker thread stopped: {reason}.', '一个工作线程已停止：{reason}。'],
  ['The work was stopped.', '工作已停止。'],
  ['Cancelled.', '已取消。'],
  ['No longer wanted.', '不再需要。'],
  ['The program {file} was not found.', '未找到程序 {file}。'],
  ['The program {file} may not be executed.', '程序 {file} 不可执行。'],
  ['{command} failed with exit code {code}.', '{command} 失败，退出码 {code}。'],
  ['{command} failed with exit code {code}:\n{rest}', '{command} 失败，退出码 {code}：\n{rest}'],
  ['{command} was ended by {signal}.', '{command} 被 {signal} 结束。'],
  ['{command} was ended by {signal}:\n{rest}', '{command} 被 {signal} 结束：\n{rest}'],

  // src/renderer/src/api
  ['This is not an address.', '这不是地址。'],
  [
    'Paste the line that parallax serve printed, such as http://127.0.0.1:4170/#token=….',
    '请粘贴 parallax serve 打印的那一行，例如 http://127.0.0.1:4170/#token=…。',
  ],
  ['An engine is reached over http or https.', '引擎须通过 http 或 https 访问。'],
  ['Paste the line that parallax serve printed.', '请粘贴 parallax serve 打印的那一行。'],
  ['The token is missing.', '缺少令牌。'],
  [
    'It stands after #token= in the address that parallax serve printed.',
    '它位于 parallax serve 所打印地址的 #token= 之后。',
  ],
  ['{address} is no address of an engine.', '{address} 不是引擎的地址。'],
  ['The engine does not accept this token.', '引擎不接受此令牌。'],
  [
    'Use the address that the running parallax serve printed; each start makes a new token.',
    '请使用正在运行的 parallax serve 所打印的地址；每次启动都会生成新令牌。',
  ],
  ['The engine is of another version than this page.', '引擎与此页面的版本不同。'],
  [
    'Reload the page. Over Connect to engine…, install the same version of Parallax on both machines, or open the address of the engine in a browser.',
    '请重新加载页面。若通过“连接到引擎…”连接，请在两台机器上安装相同版本的 Parallax，或在浏览器中打开引擎的地址。',
  ],
  ['The connection to the engine was lost.', '与引擎的连接已断开。'],
  ['No engine answers at {address}.', '{address} 没有引擎应答。'],
  [
    'Check that parallax serve is running and, over SSH, that the tunnel is open.',
    '请确认 parallax serve 正在运行；若通过 SSH，请确认隧道已打开。',
  ],
  [
    'It is being started again; unfinished jobs go on from what was saved.',
    '正在重新启动；未完成的任务会从已保存处继续。',
  ],
  [
    'Try again; when it stops again, close and open Parallax.',
    '请重试；若再次停止，请关闭并重新打开 Parallax。',
  ],
  ['The engine was started again before it answered.', '引擎在应答之前已重新启动。'],
  ['The connection to the engine was closed.', '与引擎的连接已关闭。'],
]
