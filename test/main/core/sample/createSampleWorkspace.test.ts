import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createSampleWorkspace,
  type SampleSummary,
} from '../../../../src/main/core/sample/createSampleWorkspace.ts'
import { sampleLevels } from '../../../../src/main/core/sample/levels.ts'
import { isFree, type SplitEntry } from '../../../../src/main/core/sample/tracks.ts'
import { layOut } from '../../../../src/main/core/sample/world.ts'
import {
  compareFramePositions,
  parseFrameName,
  type FramePosition,
} from '../../../../src/shared/domain/frameName.ts'

const framesPerMap = 12
let folder: string
let root: string
let summary: SampleSummary
const progress: [number, number][] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parallax-sample-'))
  root = join(folder, 'a workspace 样例')
  summary = await createSampleWorkspace(root, {
    framesPerMap,
    seed: 5,
    onProgress: (done, total) => progress.push([done, total]),
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const readJson = async <T>(...path: string[]) => JSON.parse(await readFile(join(root, ...path), 'utf8')) as T
const splits = ['train_split.json', 'test_split.json', 'continuous_unseen_clips.json'] as const
const splitOf = (map: string, split: string) =>
  readJson<SplitEntry[]>('data/preprocessed_data', map, 'splits_20000_5000', split)
const stems = async (...path: string[]) =>
  (await readdir(join(root, ...path))).map((name) => name.replace(/\.jpg$/, ''))

describe('the sample workspace', () => {
  it('has a radar, frames and three splits for each map, and every split entry has its frame', async () => {
    expect(summary.maps.map(({ map }) => map)).toEqual(['de_dust2', 'de_nuke'])
    for (const { map, radarFile } of sampleLevels) {
      const radar = await sharp(join(root, 'data/preprocessed_data', map, radarFile)).metadata()
      expect([radar.width, radar.height, radar.format]).toEqual([1024, 1024, 'png'])
      const names = (await Promise.all(splits.map((split) => splitOf(map, split))))
        .flat()
        .map((e) => e.file_frame)
      expect(new Set(names).size).toBe(names.length)
      expect((await stems('data/preprocessed_data', map, 'imgs')).sort()).toEqual([...names].sort())
    }
  })

  it('writes poses with the keys, order and ranges of the user files', async () => {
    for (const { map } of sampleLevels) {
      for (const split of splits) {
        for (const entry of await splitOf(map, split)) {
          expect(Object.keys(entry)).toEqual(['x', 'y', 'z', 'angle_h', 'angle_v', 'map', 'file_frame'])
          expect(entry.map).toBe(map)
          expect(entry.x).toBeGreaterThan(0)
          expect(entry.x).toBeLessThan(1024)
          expect(entry.angle_h).toBeGreaterThanOrEqual(0)
          expect(entry.angle_h).toBeLessThan(2 * Math.PI)
          expect(Math.abs(entry.angle_v - Math.PI / 2)).toBeLessThan(0.35)
        }
      }
    }
  })

  it('makes the clips continuous tracks of frame step 2 and keeps single frames apart', async () => {
    for (const { map } of sampleLevels) {
      const positions = (await splitOf(map, 'continuous_unseen_clips.json')).map((e) =>
        parseFrameName(e.file_frame)!,
      )
      const recordings = byRecording(positions)
      expect(recordings.size).toBe(2)
      for (const frames of recordings.values()) {
        expect(frames).toEqual([...frames].sort(compareFramePositions))
        expect(frames.slice(1).every((p, i) => p.frame - frames[i]!.frame === 2)).toBe(true)
      }
      const single = (await splitOf(map, 'train_split.json')).map((e) => parseFrameName(e.file_frame)!)
      for (const frames of byRecording(single).values()) {
        expect(frames.slice(1).every((p, i) => p.frame - frames[i]!.frame > 2)).toBe(true)
      }
    }
  })

  it('predicts every clip frame but one gap, under the names of the ground truth, as square pictures', async () => {
    for (const run of summary.runs) {
      for (const { map } of sampleLevels) {
        const clips = (await splitOf(map, 'continuous_unseen_clips.json')).map((e) => e.file_frame)
        const predicted = new Set(await stems(run.folder, 'gen_imgs', map))
        expect(predicted.size).toBe(framesPerMap)
        const missing = clips.map((name, i) => (predicted.has(name) ? -1 : i)).filter((i) => i >= 0)
        expect(missing.length).toBeGreaterThan(3)
        expect(missing.at(-1)! - missing[0]!).toBe(missing.length - 1)
        expect([...predicted].every((name) => clips.includes(name))).toBe(true)
        const picture = await sharp(join(root, run.folder, 'gen_imgs', map, `${clips[0]}.jpg`)).metadata()
        expect([picture.width, picture.height, picture.chromaSubsampling]).toEqual([448, 448, '4:2:0'])
      }
    }
  })

  it('puts every pose on free ground, light on the radar picture', async () => {
    for (const level of sampleLevels) {
      const terrain = layOut(level)
      const radar = await sharp(join(root, 'data/preprocessed_data', level.map, level.radarFile))
        .greyscale()
        .raw()
        .toBuffer()
      const wall = radar[2 * 1024 + 2]!
      for (const split of splits) {
        for (const { x, y, z } of await splitOf(level.map, split)) {
          expect(isFree(terrain, x / 16, y / 16, 0.2)).toBe(true)
          const ground = terrain.floor[Math.floor(y / 16) * 64 + Math.floor(x / 16)]!
          expect(Math.abs(z - level.zOrigin - level.zPerCell * ground)).toBeLessThan(0.8 * level.zPerCell)
          expect(radar[y * 1024 + x]!).toBeGreaterThan(wall + 10)
        }
      }
    }
  })

  it('makes the later checkpoint clearly better than the early one', async () => {
    const [early, late] = summary.runs
    for (const { map } of sampleLevels) {
      const [before, after] = [
        await meanSquaredError(early!.folder, map),
        await meanSquaredError(late!.folder, map),
      ]
      expect(after).toBeLessThan(before / 2)
      expect(after).toBeGreaterThan(10)
    }
  })

  it('reports each written picture once', () => {
    const total = summary.maps.reduce(
      (sum, { frames, predictedFrames }) => sum + frames + 2 * predictedFrames + 1,
      0,
    )
    expect(progress.map(([done]) => done)).toEqual(Array.from({ length: total }, (_, i) => i + 1))
    expect(progress.every(([, of]) => of === total)).toBe(true)
  })

  it('writes a healthy and a collapsed localization run', async () => {
    const spread: Record<string, number> = {}
    for (const { folder: run, kind } of summary.localization) {
      const results = await readJson<{ pred_norm: number[]; gt: object; pred: object }[]>(
        run,
        'loc_results.json',
      )
      const metrics = await readJson<Record<string, number>>(run, 'loc_metrics.json')
      expect(Object.keys(metrics).slice(0, 4)).toEqual([
        'Norm_L2_XY',
        'Norm_L2_5D',
        'Norm_MSE_5D',
        'Norm_SmoothL1_5D',
      ])
      const x = results.map((r) => r.pred_norm[0]!)
      const mean = x.reduce((a, b) => a + b) / x.length
      spread[kind] = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length)
      expect(results.length).toBe((await splitOf('de_dust2', 'test_split.json')).length * 2)
      expect(metrics['XY_Dist']).toBeGreaterThan(kind === 'collapsed' ? 150 : 5)
      if (kind === 'healthy') expect(metrics['XY_Dist']).toBeLessThan(80)
    }
    expect(spread['healthy']).toBeGreaterThan(0.1)
    expect(spread['collapsed']).toBeLessThan(0.02)
  })

  it('has configs that parse, and a lab book whose paths exist', async () => {
    for (const file of await readdir(join(root, 'csgo_configs'), { recursive: true })) {
      if (!file.endsWith('.yaml')) continue
      const config = parse(await readFile(join(root, 'csgo_configs', file), 'utf8')) as Record<
        string,
        unknown
      >
      expect(config['data_dir']).toBe('data/preprocessed_data')
      expect(file.startsWith('test')).toBe('ckpt_path' in config)
    }
    const record = await readFile(join(root, summary.record), 'utf8')
    expect(record.match(/^#{2,3} exp\S*$/gm)).toEqual([
      '## exp0',
      '## exp0_1',
      '## exp1',
      '### exp1_1',
      '## exp2',
      '### exp2_1',
    ])
    const named = record.matchAll(/--(?:csgo_config|deepspeed|gt|pred|img_dir|gt_dir) (\S+)/g)
    const paths = new Set([...named].map(([, path]) => path!))
    expect(paths.size).toBeGreaterThan(15)
    for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true)
  })

  it('has two training logs: one clean, one with a stall and NaN', async () => {
    const read = async (experiment: string) => {
      const [time] = await readdir(join(root, 'logs/csgo_1b', experiment))
      return (await readFile(join(root, 'logs/csgo_1b', experiment, time!, 'train.log'), 'utf8'))
        .trimEnd()
        .split('\n')
    }
    const step =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - INFO - \[ Step (\d+) \] Loss: (\S+) \| LR: (\S+) \| Epoch: ([\d.]+) \| Other Info: (\{.*?\}) \| Timing\((.*?)\) - \(\d+:[\w.]+:\d+\)$/
    const clean = (await read('exp1')).map((line) => step.exec(line)).filter((match) => match !== null)
    expect(clean.map((match) => Number(match[1]))).toEqual(Array.from({ length: 600 }, (_, i) => i + 1))
    expect(Number(clean.at(-1)![2])).toBeLessThan(Number(clean[0]![2]) / 3)
    expect(clean[0]![3]).toBe('0.0000e+00')
    const bad = (await read('exp1_1')).map((line) => step.exec(line)).filter((match) => match !== null)
    expect(bad.at(-1)![2]).toBe('nan')
    const times = bad.map((match) => Date.parse(match[0].slice(0, 19).replace(' ', 'T') + 'Z'))
    expect(Math.max(...times.slice(1).map((t, i) => t - times[i]!))).toBeGreaterThan(3_600_000)
    const state = await readJson<{ global_step: number; log_history: object[] }>(
      'outputs/csgo_1b/exp1/trainer_state.json',
    )
    expect([state.global_step, state.log_history.length]).toEqual([600, 600])
  })

  it('writes the same bytes for the same seed', async () => {
    const again = join(folder, 'again')
    await createSampleWorkspace(again, { framesPerMap, seed: 5 })
    expect(await digests(again)).toEqual(await digests(root))
  })
})

describe('creating a sample workspace', () => {
  it('leaves a folder with files alone and says so', async () => {
    const taken = join(folder, 'taken')
    await mkdir(taken)
    await writeFile(join(taken, 'mine.txt'), 'keep me')
    await expect(createSampleWorkspace(taken)).rejects.toMatchObject({ code: 'conflict' })
    expect(await readdir(taken)).toEqual(['mine.txt'])
  })

  it('refuses a path that is a file, and options out of range', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(createSampleWorkspace(file)).rejects.toMatchObject({ name: 'AppError' })
    await expect(createSampleWorkspace(join(folder, 'x'), { framesPerMap: 3 })).rejects.toMatchObject({
      code: 'usage',
    })
    await expect(createSampleWorkspace(join(folder, 'x'), { seed: 0.5 })).rejects.toMatchObject({
      code: 'usage',
    })
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })

  it('removes what it wrote when it is cancelled', async () => {
    const cancelled = join(folder, 'cancelled')
    const controller = new AbortController()
    const creating = createSampleWorkspace(cancelled, { framesPerMap: 400, signal: controller.signal })
    // Long enough for files to be there, far too short to be done.
    setTimeout(() => controller.abort(), 700)
    await expect(creating).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(cancelled)).toEqual([])
  })
})

function byRecording(positions: FramePosition[]): Map<number, FramePosition[]> {
  const out = new Map<number, FramePosition[]>()
  for (const position of positions) {
    const frames = out.get(position.recording)
    if (frames) frames.push(position)
    else out.set(position.recording, [position])
  }
  return out
}

async function meanSquaredError(run: string, map: string): Promise<number> {
  let sum = 0
  let count = 0
  for (const name of await readdir(join(root, run, 'gen_imgs', map))) {
    const [a, b] = await Promise.all(
      [join(root, 'data/preprocessed_data', map, 'imgs', name), join(root, run, 'gen_imgs', map, name)].map(
        (file) => sharp(file).resize(224, 224, { fit: 'fill' }).raw().toBuffer(),
      ),
    )
    for (let i = 0; i < a!.length; i++) sum += (a![i]! - b![i]!) ** 2
    count += a!.length
  }
  return sum / count
}

async function digests(of: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {}
  for (const entry of await readdir(of, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    out[path.slice(of.length)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return out
}
