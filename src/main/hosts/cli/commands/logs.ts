import { resolve } from 'node:path'
import { formatDuration } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command } from '../command.ts'
import { textTable } from '../table.ts'

const inspectLog: Command = {
  name: 'logs inspect',
  usage: 'FILE',
  summary:
    'Reads a training log or trainer_state.json: metric lines, keys, first and last values, anomalies.',
  flags: [],
  examples: ['logs inspect logs/csgo_1b/exp5/train_20260205_134439/train.log --json'],
  async run({ flags, session, out }) {
    const [file, ...more] = flags.positionals
    if (file === undefined || more.length > 0) throw new AppError('usage', 'Give one log.')
    const found = await session.call('logs.inspect', { path: resolve(file) })
    out.json({ type: 'result', ...found })
    const steps = found.firstStep === null ? '' : `, steps ${found.firstStep} to ${found.lastStep}`
    const span = found.spanSeconds === null ? '' : `, ${formatDuration(found.spanSeconds)}`
    out.print(`${found.metricLines} metric lines${steps}${span}`)
    if (found.keys.length > 0)
      out.print(
        `\n${textTable([
          ['key', 'first', 'last'],
          ...found.keys.map((key) => [key, String(found.first[key] ?? ''), String(found.last[key] ?? '')]),
        ])}`,
      )
    if (found.anomalies.length > 0) out.print('')
    for (const { severity, message, line } of found.anomalies)
      out.print(`${severity.padEnd(7)} ${line === undefined ? '' : `line ${line}: `}${message}`)
    return 0
  },
}

const index: Command = {
  name: 'logs index',
  summary: 'Reads what is new in all training logs of the workspace.',
  flags: [],
  async run({ session, out }) {
    const scan = await session.call('logs.index', { workspace: session.workspace })
    out.json({ type: 'result', ...scan })
    const megabytes = scan.readBytes / 1e6
    out.print(
      `${scan.files} logs, ${scan.readFiles} read (${megabytes.toFixed(1)} MB in ${formatDuration(scan.seconds)})`,
    )
    for (const { path, message } of scan.problems) out.note(`${path}: ${message}`)
    return 0
  },
}

export const logsCommands: readonly Command[] = [inspectLog, index]
