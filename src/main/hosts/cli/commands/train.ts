import { setTimeout as sleep } from 'node:timers/promises'
import type { TailPiece, TrainingProcess } from '../../../../shared/contract/training.ts'
import { formatDuration } from '../../../../shared/domain/format.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command, CommandContext } from '../command.ts'
import { textTable } from '../table.ts'

/** How long a start is waited for before it is reported as it stands. */
const startLimitMs = 5000

const start: Command = {
  name: 'train start',
  usage: 'EXPERIMENT[:LINE] | -- COMMAND…',
  summary: 'Starts a training that outlives this terminal; train watch follows it.',
  flags: [
    { name: 'python', value: 'PATH', help: 'the Python in place of python and python3' },
    { name: 'title', value: 'TEXT', help: 'what to call it' },
    { name: 'cwd', value: 'DIR', help: 'folder to start in (the workspace)' },
    { name: 'force', help: 'start at once although one of its GPUs is taken' },
    { name: 'dry_run', help: 'show the command and start nothing' },
  ],
  examples: [
    'train start exp5',
    'train start exp5:120 --dry-run',
    'train start -- CUDA_VISIBLE_DEVICES=0 python train_csgo.py --csgo_config csgo_configs/exp5.yaml --output_dir out',
  ],
  async run(context) {
    const { flags, session, out } = context
    const { env, argv, title } = await commandOf(context)
    const shell = quoteShell(argv, env)
    if (flags.has('dry_run')) {
      out.json({ type: 'result', env, argv, shell })
      out.print(shell)
      return 0
    }
    const given = flags.text('title') ?? title
    const optional = { cwd: flags.text('cwd'), python: flags.text('python'), title: given }
    const { id } = await session.call('training.start', {
      workspace: session.workspace,
      argv,
      env,
      force: flags.has('force'),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    })
    const started = await begun(id, session)
    if (started.status === 'queued') {
      const by = started.waitsFor.map((other) => other.slice(0, 8)).join(', ')
      out.note(
        `Waits for ${by}, which uses the same GPU. It starts while a window or parallax serve is open.`,
      )
    }
    out.json({ type: 'result', ...started })
    out.print(`${id.slice(0, 8)}  ${started.reason?.kind ?? started.status}  ${started.title}`)
    if (started.status === 'ended') out.note(started.reason?.text ?? 'It ended at once.')
    else out.print(`Follow it: parallax train watch ${id.slice(0, 8)}`)
    return started.status === 'ended' && started.reason?.kind !== 'finished' ? 1 : 0
  },
}

/** The process once it runs, waits or has ended already, so that a wrong start is told at once. */
async function begun(id: string, session: CommandContext['session']): Promise<TrainingProcess> {
  const until = Date.now() + startLimitMs
  for (;;) {
    const present = await session.call('training.show', { id })
    if (present.status !== 'starting' || Date.now() > until) return present
    await sleep(50)
  }
}

const list: Command = {
  name: 'train list',
  summary: 'Lists the training processes started by Parallax, newest first.',
  flags: [{ name: 'here', help: 'only those of this workspace' }],
  async run({ flags, session, out }) {
    const found = await session.call(
      'training.list',
      flags.has('here') ? { workspace: session.workspace } : {},
    )
    const sorted = [...found].sort((a, b) => b.createdAt - a.createdAt)
    for (const process of sorted) out.json({ type: 'process', ...process })
    out.json({ type: 'result', count: sorted.length })
    if (sorted.length === 0)
      out.print('Nothing was started yet. parallax train start -- COMMAND… starts one.')
    else
      out.print(
        textTable(
          [
            ['process', 'state', 'ran', 'pid', 'what'],
            ...sorted.map((process) => [
              process.id.slice(0, 8),
              process.reason?.kind ?? process.status,
              ranFor(process),
              process.pid === null ? '' : String(process.pid),
              process.title.replaceAll(/\s+/g, ' ').slice(0, 90),
            ]),
          ],
          2,
        ),
      )
    return 0
  },
}

const watch: Command = {
  name: 'train watch',
  usage: 'PROCESS',
  summary: 'Shows what a training writes until it ends; Ctrl-C stops watching, not the training.',
  flags: [{ name: 'all', help: 'from the beginning instead of the last 4 kB' }],
  async run({ flags, session, out }) {
    const { id } = await findProcess(flags.positionals, session)
    const leaving = new AbortController()
    const leave = () => leaving.abort()
    process.once('SIGINT', leave)
    process.once('SIGTERM', leave)
    const follow = async (stream: 'stdout' | 'stderr') => {
      const from = flags.has('all') ? { fromOffset: 0 } : { lastBytes: 4096 }
      const pieces = session.studio().open('training.tail', { id, stream, ...from }, leaving.signal)
      for await (const { text } of pieces as AsyncIterable<TailPiece>) {
        if (text === '') continue
        if (out.isJson) out.json({ type: 'output', stream, text })
        else if (!process[stream].write(text)) await drained(process[stream])
      }
    }
    // Watching the process itself notices its end, which ends the two streams.
    const state = (async () => {
      for await (const _change of session.studio().open('training.watch', { id }, leaving.signal));
    })()
    try {
      await Promise.all([state, follow('stdout'), follow('stderr')])
    } finally {
      process.off('SIGINT', leave)
      process.off('SIGTERM', leave)
    }
    const last = await session.call('training.show', { id })
    out.json({ type: 'result', ...last })
    if (last.status !== 'ended') {
      out.note(`It goes on. parallax train watch ${id.slice(0, 8)} shows it again.`)
      return 0
    }
    out.note(last.reason?.text ?? 'It ended.')
    return last.reason?.kind === 'finished' ? 0 : 1
  },
}

const stop: Command = {
  name: 'train stop',
  usage: 'PROCESS',
  summary: 'Stops a training and all it started: first asked, then told, then killed.',
  flags: [{ name: 'now', help: 'kill it at once' }],
  async run({ flags, session, out }) {
    const { id } = await findProcess(flags.positionals, session)
    const ended = await session.call('training.stop', { id, now: flags.has('now') })
    out.json({ type: 'result', ...ended })
    out.print(`${ended.title}\n${ended.reason?.text ?? ended.status}`)
    return 0
  },
}

/** The command behind `--`, or the recorded one of an experiment. */
async function commandOf({ flags, session }: CommandContext): Promise<{
  env: Record<string, string>
  argv: string[]
  title?: string
}> {
  const words = flags.positionals
  const usage = new AppError('usage', 'Nothing to start was named.', {
    hint: 'parallax train start exp5, or parallax train start -- python train_csgo.py …',
  })
  if (words.length === 0) throw usage
  if (words.length > 1 || process.argv.includes('--')) {
    const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
    if (first < 0) throw usage
    const env = words.slice(0, first).map((word): [string, string] => {
      const equals = word.indexOf('=')
      return [word.slice(0, equals), word.slice(equals + 1)]
    })
    return { env: Object.fromEntries(env), argv: words.slice(first) }
  }
  const [, name, line] = /^(.*?)(?::(\d+))?$/s.exec(words[0]) ?? []
  const { section } = await session.call('experiments.show', { experiment: name })
  const commands = section.commands.filter(({ kind }) => kind === 'train')
  const known = commands.map((command) => `${name}:${command.line}`).join(', ')
  const chosen = line === undefined ? commands : commands.filter((command) => command.line === Number(line))
  if (chosen.length === 0)
    throw new AppError(
      'not-found',
      line === undefined
        ? `${section.name} has no training command.`
        : `${section.name} has no training command in line ${line}.`,
      known === '' ? {} : { hint: `There is ${known}.` },
    )
  if (chosen.length > 1)
    throw new AppError('usage', `${section.name} has ${chosen.length} training commands.`, {
      hint: `Choose one: ${known}.`,
    })
  return { env: chosen[0].env, argv: chosen[0].argv, title: chosen[0].labels.run ?? section.name }
}

async function findProcess(
  positionals: readonly string[],
  session: CommandContext['session'],
): Promise<TrainingProcess> {
  const hint = 'parallax train list shows them.'
  if (positionals.length !== 1) throw new AppError('usage', 'Name one training process.', { hint })
  const [prefix] = positionals
  const found = (await session.call('training.list', {})).filter(({ id }) => id.startsWith(prefix))
  if (found.length === 1) return found[0]
  throw found.length === 0
    ? new AppError('not-found', `There is no training process ${prefix}.`, { hint })
    : new AppError('usage', `${prefix} fits several processes.`, { hint })
}

const ranFor = ({ startedAt, endedAt }: TrainingProcess) =>
  startedAt === null ? '' : formatDuration(((endedAt ?? Date.now()) - startedAt) / 1000)

const drained = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.once('drain', () => resolve()))

export const trainCommands: readonly Command[] = [start, list, watch, stop]
