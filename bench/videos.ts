/**
 * How fast comparison videos are made, beside two yardsticks on the same frames: a bare ffmpeg `hstack` and the OpenCV
 * loop of `frames_to_video.py` (when a Python with cv2 is at hand). `hstack` with x264 as it comes is the command people
 * type; with our settings it does the least that any program must do for the same file, without labels. The
 * yardsticks are whole processes; ours is timed within an engine that runs already, and as a command from start to end.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { findFfmpeg } from '../src/main/core/ffmpeg/findFfmpeg.ts'
import { runProcess } from '../src/main/core/processes/runProcess.ts'
import { x264 } from '../src/main/core/videos/encoding.ts'
import { makeVideos } from '../src/main/core/videos/makeVideos.ts'
import { videoRequest } from '../src/shared/contract/videos.ts'

const size = { width: 640, height: 360 }
const frames = 300
const cli = fileURLToPath(new URL('../src/main/hosts/cli/index.ts', import.meta.url))

/** The reading, drawing and writing of `frames_to_video.py`, one clip. */
const openCvLoop = `
import sys, cv2, numpy as np
a, b, out, n = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
writer = None
for i in range(1, n + 1):
    p = cv2.imread(f'{a}/file_num1_frame_{i}.jpg'); g = cv2.imread(f'{b}/file_num1_frame_{i}.jpg')
    h, w = p.shape[:2]
    canvas = np.zeros((h, 2 * w + 10, 3), np.uint8)
    canvas[:, :w] = p; canvas[:, w + 10:] = g
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(canvas, 'Prediction (Ours)', (10, 30), font, 0.7, (0, 255, 0), 2, cv2.LINE_AA)
    cv2.putText(canvas, f'File 1 | Frame {i}', (10, h - 15), font, 0.5, (200, 200, 200), 1, cv2.LINE_AA)
    cv2.putText(canvas, 'Ground Truth', (w + 20, 30), font, 0.7, (0, 165, 255), 2, cv2.LINE_AA)
    if writer is None: writer = cv2.VideoWriter(out, cv2.VideoWriter_fourcc(*'mp4v'), 10, (2 * w + 10, h))
    writer.write(canvas)
writer.release()
`

type Way = { name: string; run(): Promise<unknown> }

/** Makes frames, times each way and prints frames per second. */
export async function benchVideos(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parallax-bench-videos-'))
  try {
    const [predictionDir, referenceDir] = [join(folder, 'pred'), join(folder, 'gt')]
    for (const [index, dir] of [predictionDir, referenceDir].entries()) await writeFrames(dir, index)
    const { path } = await findFfmpeg()
    const ours = (name: string, extra: Record<string, unknown>): Way => ({
      name: `Parallax, pair, ${name}`,
      run: () => make({ workspace: folder, predictionDir, referenceDir, fps: 10, ...extra }),
    })
    const command: Way = {
      name: 'parallax frames-to-video, one clip',
      run: () => runCommand(folder, { predictionDir, referenceDir }),
    }
    const hstack = (name: string, encode: readonly string[]): Way => ({
      name: `bare ffmpeg hstack, ${name}`,
      run: () => bareHstack(path, predictionDir, referenceDir, join(folder, 'hstack.mp4'), encode),
    })
    const ways = [
      ours(`one clip of ${frames}`, { maxDurationSeconds: 1000, outputDir: 'one' }),
      command,
      ours('clips of 100', { outputDir: 'many' }),
      ours(`one clip, preset draft`, { maxDurationSeconds: 1000, outputDir: 'draft', preset: 'draft' }),
      hstack('x264 as it comes', []),
      hstack('our x264 settings', [...x264.good, '-g', '20']),
    ]
    const python = process.env.PARALLAX_BENCH_PYTHON ?? 'python3'
    if (spawnSync(python, ['-c', 'import cv2'], { stdio: 'ignore' }).status === 0) {
      const args = ['-c', openCvLoop, predictionDir, referenceDir, join(folder, 'cv2.mp4'), String(frames)]
      ways.push({ name: 'OpenCV loop of frames_to_video.py', run: () => runProcess({ file: python, args }) })
    } else {
      console.log(`videos  OpenCV: not compared, ${python} has no cv2 (set PARALLAX_BENCH_PYTHON)`)
    }
    const seconds = await best(ways)
    for (const [index, { name }] of ways.entries()) {
      const rate = (frames / seconds[index]).toFixed(0).padStart(5)
      const ratio = (seconds[0] / seconds[index]).toFixed(2)
      console.log(`videos  ${name.padEnd(40)} ${rate} frames/s   one clip takes ${ratio}x its time`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function make(request: Record<string, unknown>): Promise<void> {
  await makeVideos(videoRequest.parse({ ...request, fresh: true }), {
    signal: new AbortController().signal,
    cacheDir: join(String(request.workspace), 'cache'),
    workerEntry: (name) => new URL(`../src/main/workers/${name}.worker.ts`, import.meta.url),
  })
}

/** The command as people type it, from the start of its process to the end. */
async function runCommand(
  folder: string,
  { predictionDir, referenceDir }: { predictionDir: string; referenceDir: string },
): Promise<void> {
  const folders = [
    '--img_dir',
    predictionDir,
    '--gt_dir',
    referenceDir,
    '--output_dir',
    join(folder, 'command'),
  ]
  await runProcess({
    file: process.execPath,
    args: [cli, 'frames-to-video', ...folders, '--max_duration', '1000', '--fresh'],
    env: { PARALLAX_HOME: join(folder, 'home') },
  })
}

/** The least ffmpeg must do for the same picture: read both folders, put them side by side, encode. */
async function bareHstack(
  ffmpeg: string,
  a: string,
  b: string,
  file: string,
  encode: readonly string[],
): Promise<void> {
  const input = (dir: string) => [
    '-framerate',
    '10',
    '-start_number',
    '1',
    '-i',
    join(dir, 'file_num1_frame_%d.jpg'),
  ]
  const filter = '[0:v]pad=iw+10:ih[l];[l][1:v]hstack,format=yuv420p'
  await runProcess({
    file: ffmpeg,
    args: [
      '-loglevel',
      'error',
      '-y',
      ...input(a),
      ...input(b),
      '-filter_complex',
      filter,
      '-c:v',
      'libx264',
      ...encode,
      '-movflags',
      '+faststart',
      file,
    ],
  })
}

/** Seconds of the best of five tries of each way, in turns, so that a busy moment of the machine meets all alike. */
async function best(ways: readonly Way[]): Promise<number[]> {
  const seconds = ways.map(() => Infinity)
  for (let attempt = 0; attempt < 5; attempt++)
    for (const [index, { run }] of ways.entries()) {
      const start = performance.now()
      await run()
      seconds[index] = Math.min(seconds[index], (performance.now() - start) / 1000)
    }
  return seconds
}

/** A scene that moves: a textured picture that slides under a window, with some grain in the predictions. */
async function writeFrames(dir: string, seed: number): Promise<void> {
  await mkdir(dir, { recursive: true })
  const world = { width: size.width * 2, height: size.height }
  const pixels = new Uint8Array(world.width * world.height * 3)
  for (let y = 0, at = 0; y < world.height; y++) {
    for (let x = 0; x < world.width; x++) {
      for (let c = 0; c < 3; c++, at++) {
        const waves = Math.sin(x / 31 + c) + Math.cos(y / 23 - c) + Math.sin((x * y) / 4000 + c)
        pixels[at] = 128 + 36 * waves + 14 * seed * Math.sin(at * 12.9898)
      }
    }
  }
  const picture = sharp(pixels, { raw: { ...world, channels: 3 } })
  for (let frame = 1; frame <= frames; frame++) {
    const left = Math.round((frame * size.width) / frames)
    const jpeg = await picture
      .clone()
      .extract({ left, top: 0, ...size })
      .jpeg({ quality: 85 })
      .toBuffer()
    await writeFile(join(dir, `file_num1_frame_${frame}.jpg`), jpeg)
  }
}
