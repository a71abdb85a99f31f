/**
 * `npm run bench [-- metrics|videos|logs|window|compare] [--pairs N] [--minutes N]`: measures speed on frames it makes
 * itself. Not a test: times vary. `--minutes` makes `compare` watch memory for so long.
 */
import { benchMetrics } from './metrics.ts'

const args = process.argv.slice(2)
const valueOf = (flag: string, otherwise: number) =>
  args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : otherwise
const only = args.find((arg, index) => !arg.startsWith('--') && !args[index - 1]?.startsWith('--'))

if (only === undefined || only === 'metrics') await benchMetrics(valueOf('--pairs', 400))
if (only === undefined || only === 'videos') await (await import('./videos.ts')).benchVideos()
if (only === undefined || only === 'logs') await (await import('./logs.ts')).benchLogs()
if (only === 'window') await (await import('./window.ts')).benchWindow()
if (only === 'compare') await (await import('./compare.ts')).benchCompare(valueOf('--minutes', 0))
