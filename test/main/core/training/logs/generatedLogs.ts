/**
 * Logs of every shape that training scripts have written, with what is true of them. The truth comes from the values
 * before they become text, so nothing of the reader is used to know it.
 */
import { randomNumbers } from './samples.ts'

/** What a reader must find. Values are as JSON says them: NaN and infinities by name. */
export type LogTruth = {
  metricLines: number
  stepLines: number
  lossLines: number
  indicesLines: number
  /** By table and key; keys of Other Info and Timing with their section in front. */
  firstLast: Record<string, Record<string, [unknown, unknown]>>
  keys: Set<string>
  spanSeconds: number | null
  lines: number
  processIds: number
}
export type GeneratedLog = { bytes: Buffer; truth: LogTruth }

type Value = number | 'nan' | 'inf' | '-inf'
const infoKeys = [
  'loc_indices',
  'gen_indices',
  'total_loss',
  'loc_loss',
  'alpha_loc',
  'gen_loss',
  'loc_aux_loss',
  '位置损失',
]
const lossKeys = {
  M1: ['total_loss', 'masked_loc_loss', 'masked_gen_loss'],
  M2: ['total_loss', 'masked_loc_loss', 'masked_gen_loss', 'masked_loc_aux_loss', 'alpha_loc_aux_loss'],
  M3: ['total_loss', 'masked_loc_loss', 'alpha_loc_loss', 'masked_gen_loss', 'masked_loc_aux_loss'],
}
/** Messages that look like metric lines and are none. */
const lookalikes = [
  'total_losses: 3',
  'see total_loss: 4',
  '[ Step x ] Loss: 1.0',
  '[Step 3 ] Loss: 1.0',
  '[ Step 4] Loss: 1.0',
  '✅ Total entries: 60000',
  '加载数据完成 🎉',
  'Map image not found: data/地图.png',
]
const asJson = (value: Value) =>
  typeof value === 'number' ? value : { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[value]

/** A log that is always the same for the same seed. */
export function generateLog(seed: number): GeneratedLog {
  const random = randomNumbers(seed * 7919 + 13)
  for (let warmUp = 0; warmUp < 5; warmUp++) random()
  const chance = (share: number) => random() < share
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!

  const pid = 1000 + Math.floor(random() * 4_000_000)
  const pids = new Set<number>()
  const lineEnd = pick(['\n', '\n', '\r\n'])
  const records: string[] = []
  let seconds = Date.UTC(2026, 0, 1) / 1000 + Math.floor(random() * 8_000_000)
  let [first, last]: (number | null)[] = [null, null]
  const truth: LogTruth = {
    metricLines: 0,
    stepLines: 0,
    lossLines: 0,
    indicesLines: 0,
    firstLast: {},
    keys: new Set(),
    spanSeconds: null,
    lines: 0,
    processIds: 0,
  }
  const head = () => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const add = (message: string, level = 'INFO', writer = pid) => {
    records.push(`${head()} - ${level} - ${message} - (${writer}:train_csgo.py:1319)`)
    pids.add(writer)
    first ??= seconds
    last = seconds
  }
  const note = (table: string, prefix: string, key: string, value: Value) => {
    const values = (truth.firstLast[table] ??= {})
    const json = asJson(value)
    values[prefix + key] = [values[prefix + key]?.[0] ?? json, json]
    truth.keys.add(key)
  }
  /** A value with its text; most have six decimals, some all that a double has. */
  const value = (digits?: number): { text: string; value: Value } => {
    if (chance(0.01)) {
      const odd = pick(['nan', 'inf', '-inf'] as const)
      return { text: odd, value: odd }
    }
    const number = (random() * 4 - 1) * 10 ** Math.floor(random() * 4 - 2)
    const text = digits === undefined ? String(number) : number.toFixed(digits)
    return { text, value: Number(text) }
  }
  const addStep = (step: number, writer: number, isSummary: boolean) => {
    const parts: string[] = []
    const put = (key: string, text: string, number: Value) => {
      parts.push(`${key}: ${text}`)
      note('step', '', key, number)
    }
    if (!isSummary) {
      const loss = value(6)
      put('Loss', loss.text, loss.value)
      put('LR', '1.0000e-04', 1e-4)
    }
    put('Epoch', (step / 100).toFixed(2), Number((step / 100).toFixed(2)))
    if (!isSummary && chance(0.7)) {
      const chosen = infoKeys.filter(() => chance(0.7)).map((key) => ({ key, ...value() }))
      parts.push(`Other Info: {${chosen.map(({ key, text }) => `'${key}': ${text}`).join(', ')}}`)
      for (const { key, value: number } of chosen) note('step', 'other_info.', key, number)
    }
    if (!isSummary && chance(0.5)) {
      const times = ['total', 'batch', 'forward'].map((key) => ({ key, text: (random() * 50).toFixed(4) }))
      parts.push(`Timing(${times.map(({ key, text }) => `${key}=${text}s`).join(', ')})`)
      for (const { key, text } of times) note('step', 'timing.', key, Number(text))
    }
    add(`[ Step ${step} ] ${parts.join(' | ')}`, 'INFO', writer)
    truth.stepLines++
  }
  const addLoss = (keys: readonly string[], digits?: number) => {
    const values = keys.map((key) => ({ key, ...value(digits) }))
    add(values.map(({ key, text }) => `${key}: ${text}`).join(', '))
    for (const { key, value: number } of values) note('loss', '', key, number)
    truth.lossLines++
  }

  if (chance(0.8)) {
    add("csgo_config: {'debug': False, 'alpha': [1, 2], 'name': '实验'}")
    add(
      'training_args: TrainingArguments(\n_n_gpu=1,\ngradient_accumulation_steps=2,\noutput_dir=outputs/x,\n)',
    )
    add('Trainable:\n  1  total_loss: 3  torch.Size([1152])\n [ Step 3 ] inside a table')
  }
  const kind = pick(['steps', 'steps', 'M1', 'M2', 'M3', 'mixed', 'two writers'] as const)
  let step = pick([1, 1, 4001])
  for (let left = pick([0, 1, 3, 20, 120]); left > 0; left--) {
    seconds += chance(0.05) ? 600 : Math.floor(random() * 3)
    if (chance(0.01)) seconds -= 5000
    if (chance(0.1)) add(pick(lookalikes), pick(['INFO', 'WARNING', 'ERROR']))
    if (chance(0.02))
      records.push('Traceback (most recent call last):\n  File "x.py", line 3\nValueError: total_loss: 9')
    if (chance(0.02)) records.push('')
    if (chance(0.02)) records.push('\u0000\u0000\u0001 junk \u0000 between lines')
    if (kind === 'steps' || kind === 'two writers')
      addStep(step, kind === 'two writers' && chance(0.5) ? pid + 7 : pid, false)
    else {
      if (kind === 'mixed' || chance(0.3)) {
        add('loc_indices: 4, gen_indices: 4')
        truth.indicesLines++
      }
      addLoss(lossKeys[kind === 'mixed' ? 'M3' : kind], kind === 'M1' ? undefined : 6)
      if (kind === 'mixed') addStep(step, pid, false)
    }
    step += chance(0.05) ? pick([0, -1]) : 1
    step = Math.max(1, step)
  }
  if (chance(0.2)) addStep(step, pid, true)
  const isEnded = records.length > 0 && chance(0.8)
  const text = records.join('\n').replaceAll('\n', lineEnd) + (isEnded ? lineEnd : '')
  truth.metricLines = truth.stepLines + truth.lossLines
  truth.spanSeconds = first === null ? null : last! - first
  truth.lines = text.split('\n').length - 1
  truth.processIds = pids.size
  return { bytes: Buffer.from((chance(0.1) ? '\ufeff' : '') + text), truth }
}
