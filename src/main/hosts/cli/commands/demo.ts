import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RunReport } from '../../../../shared/contract/runs.ts'
import type { VideoResult } from '../../../../shared/contract/videos.ts'
import { formatBytes, formatDuration } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command, CommandContext } from '../command.ts'
import { remarks, scoreTable } from '../table.ts'

export const demo: Command = {
  name: 'demo',
  summary:
    'Makes a sample workspace with two checkpoints, benchmarks both, prints the tables, writes a video.',
  flags: [
    { name: 'output', value: 'DIR', help: 'where to make the workspace (a new folder)' },
    { name: 'frames', value: 'N', help: 'predicted frames per map and checkpoint (64)' },
    { name: 'offline', help: 'do not try to fetch missing weights' },
  ],
  async run(context) {
    const { flags, session, out } = context
    const since = Date.now()
    const given = flags.text('output')
    const root =
      given === undefined
        ? join(await mkdtemp(join(tmpdir(), 'parallax-demo-')), 'workspace')
        : resolve(given)
    out.note(`Sample workspace: ${root}`)
    const frames = flags.number('frames')
    const sample = await session.call('workspaces.createSample', {
      root,
      ...(frames === undefined ? {} : { framesPerMap: frames }),
    })
    await session.follow(sample.jobId)
    const workspace = await session.call('workspaces.open', { root })
    if (!flags.has('offline')) await fetchWeights(context)

    const runs: RunReport[] = []
    const checkpoints = [...workspace.evaluationRuns].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1))
    for (const run of checkpoints) runs.push(...(await benchmarkRun(root, run.path, context)))
    for (const map of [...new Set(runs.map((run) => run.map))]) {
      const ofMap = runs.filter((run) => run.map === map)
      out.print(`\n${map}\n`)
      out.print(
        scoreTable(
          ofMap,
          ofMap.map(({ experiment }) => experiment),
        ),
      )
      out.json({ type: 'table', map, runs: ofMap })
    }
    out.print(`\n${remarks(runs)}\n\n${runs[0]?.recipeLine ?? ''}`)

    const video = await makeVideo(root, runs.at(-1), context)
    out.print(`\nThis took ${formatDuration((Date.now() - since) / 1000)}.`)
    out.print(
      `Workspace  ${root}\nDatabase   ${join(session.home, 'parallax.db')}${video === undefined ? '' : `\nVideo      ${video}`}`,
    )
    out.print(
      `\nNext:\n  npm start                                  opens the studio; choose the workspace above\n  npm run -s parallax -- runs compare ${runs[0]?.id.slice(0, 8)} ${runs.find((run) => run.map === runs[0]?.map && run.id !== runs[0]?.id)?.id.slice(0, 8)}\n  npm run -s parallax -- benchmark --help    your own folders`,
    )
    out.json({
      type: 'result',
      root,
      database: join(session.home, 'parallax.db'),
      runIds: runs.map(({ id }) => id),
      video: video ?? null,
      seconds: (Date.now() - since) / 1000,
    })
    return 0
  },
}

/** What LPIPS and FID need; the gigabytes of the CLIP towers are left to `parallax models install`. */
const fetchedModels = ['lpips-alex', 'alexnet', 'inception-v3-fid']

/** Tries the official addresses; without a connection it is given up within seconds and said once. */
async function fetchWeights({ session, out }: CommandContext): Promise<void> {
  const { models } = await session.call('models.list', {})
  const missing = models.filter(({ id, status }) => fetchedModels.includes(id) && status === 'missing')
  if (missing.length === 0) return
  out.note(
    `Fetching weights: ${missing.map(({ id, wanted }) => `${id} (${formatBytes(wanted.size)})`).join(', ')}. --offline skips this.`,
  )
  try {
    const job = await session.call('models.install', { models: missing.map(({ id }) => id) })
    await session.follow(job.id)
  } catch (caught) {
    if (!(caught instanceof AppError) || caught.code === 'cancelled') throw caught
    out.note(`${caught.message} The metrics that need them are listed as skipped below.`)
  }
}

async function benchmarkRun(root: string, run: string, { session }: CommandContext): Promise<RunReport[]> {
  const job = await session.call('benchmark.start', { workspace: root, run, protocol: 'per-image' })
  const { runIds } = (await session.follow(job.id)).result as { runIds: string[] }
  return Promise.all(runIds.map((runId) => session.call('runs.get', { runId })))
}

async function makeVideo(
  root: string,
  run: RunReport | undefined,
  { session, out }: CommandContext,
): Promise<string | undefined> {
  if (!run) return undefined
  try {
    const job = await session.call('videos.start', {
      workspace: root,
      predictionDir: run.predictionDir,
      referenceDir: run.referenceDir,
      outputDir: join(root, 'videos', run.map),
      labels: [run.experiment, 'ground truth'],
    })
    const { clips } = (await session.follow(job.id)).result as VideoResult
    return clips[0]?.file
  } catch (caught) {
    // The tables are the point of the demo; without ffmpeg it goes on and says so.
    if (!(caught instanceof AppError) || caught.code === 'cancelled') throw caught
    out.note(`No video: ${caught.message} ${caught.hint ?? ''}`)
    return undefined
  }
}
