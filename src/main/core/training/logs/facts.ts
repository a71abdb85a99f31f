/** What a training log says besides its metrics: arguments, configuration, sizes, output folder, warnings. */
import { maskAssignments, maskValue } from '../../../../shared/domain/secrets.ts'
import { readPythonLiteral, type PythonValue } from './pythonLiteral.ts'

type PythonDict = { [key: string]: PythonValue }

/** Facts of one log; what the log does not say is absent. Secrets are masked already. */
export type LogFacts = {
  modelArgs?: PythonDict
  dataArgs?: PythonDict
  /** Field name to its text, as `TrainingArguments` prints itself. */
  trainingArgs?: Record<string, string>
  /** The YAML config as the script printed it. */
  config?: PythonDict
  totalEntries?: number
  splits?: string[]
  totalParameters?: number
  trainableParameters?: number
  trainablePercent?: number
  /** Steps really used: the settings, corrected by a resume override or by DeepSpeed. */
  gradientAccumulationSteps?: number
  /** The output folder really used, as written in the log (relative to the workspace or absolute). */
  outputDir?: string
  callbacks?: string[]
  /** Notes on changed settings, such as a resume override, as written. */
  notes?: string[]
}

const maximumNotes = 20
const noteLength = 400

/** First bytes of the messages worth decoding: letters of the patterns below, and emoji. */
const firstBytes = new Set([...'mdtclLTARUNG'].map((char) => char.charCodeAt(0)).concat(0xe2, 0xf0))

/** Whether a message that begins with this byte may hold a fact; saves decoding the others. */
export function mayHoldFact(firstByte: number): boolean {
  return firstBytes.has(firstByte)
}

/** Adds what one message (without head and tail) says. Unknown messages change nothing. */
export function readFact(facts: LogFacts, message: string): void {
  const named = /^(model_args|data_args|csgo_config): /.exec(message)
  if (named) return readNamed(facts, named[1]!, message.slice(named[0].length))
  const count = /(?:^|\s)(Total(?: train)? entries|Total parameters|Trainable parameters): ([\d,]+)\s*$/.exec(
    message,
  )
  if (count) {
    const value = Number(count[2]!.replaceAll(',', ''))
    if (count[1] === 'Total parameters') facts.totalParameters = value
    else if (count[1] === 'Trainable parameters') facts.trainableParameters = value
    else facts.totalEntries = value
    return
  }
  const percent = /[Tt]rainable percent: ([\d.]+) ?%/.exec(message)
  if (percent) {
    facts.trainablePercent = Number(percent[1])
    return
  }
  const split = /^Loading CS2 Data Split (.+?)\.\.\.$/.exec(message)
  if (split) {
    facts.splits = [...(facts.splits ?? []), split[1]!]
    return
  }
  const output = /^Updated output_dir [^:]*: (.+)$/.exec(message)
  if (output) {
    facts.outputDir = output[1]!.trim()
    return
  }
  const override = /^Resume batch override: [^]*?gradient_accumulation_steps (\d+) -> (\d+)/.exec(message)
  const deepSpeed =
    /^Gradient accumulation steps mismatch: .*DeepSpeed config has (\d+)\. Using DeepSpeed's value/.exec(
      message,
    )
  if (override) facts.gradientAccumulationSteps = Number(override[2])
  if (deepSpeed) facts.gradientAccumulationSteps = Number(deepSpeed[1])
  if (override || deepSpeed || /^Resume /.test(message)) addNote(facts, message)
}

/** Adds one `key=value,` line of the `training_args: TrainingArguments(` block. */
export function readTrainingArgument(facts: LogFacts, line: string): void {
  const field = /^\s*([A-Za-z_]\w*)=(.*?),?\s*$/.exec(line)
  if (!field) return
  const [, key, text] = field
  facts.trainingArgs ??= {}
  facts.trainingArgs[key!] = maskValue(key!, text!)
  if (
    key === 'gradient_accumulation_steps' &&
    facts.gradientAccumulationSteps === undefined &&
    /^\d+$/.test(text!)
  ) {
    facts.gradientAccumulationSteps = Number(text)
  }
  if (key === 'output_dir' && facts.outputDir === undefined) facts.outputDir = text
}

/** Adds one continuation line of the callback list. */
export function readCallback(facts: LogFacts, line: string): void {
  const name = line.trim()
  if (/^\w+$/.test(name)) facts.callbacks = [...(facts.callbacks ?? []), name]
}

function readNamed(facts: LogFacts, name: string, text: string): void {
  if (name === 'csgo_config') facts.config = dictOf(text)
  else if (name === 'model_args') facts.modelArgs = keywordArguments(text)
  else facts.dataArgs = keywordArguments(text)
}

function dictOf(text: string): PythonDict | undefined {
  try {
    const { value } = readPythonLiteral(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? maskDict(value) : undefined
  } catch {
    return undefined
  }
}

/** The keyword arguments of `Name(key=literal, …)`; those before a part that cannot be read are kept. */
function keywordArguments(text: string): PythonDict {
  const found: PythonDict = {}
  let at = text.indexOf('(') + 1
  for (;;) {
    const keyword = /^[\s,]*([A-Za-z_]\w*)=/.exec(text.slice(at, at + 300))
    if (at === 0 || !keyword) return maskDict(found)
    try {
      const { value, end } = readPythonLiteral(text, at + keyword[0].length)
      found[keyword[1]!] = value
      at = end
    } catch {
      return maskDict(found)
    }
  }
}

function maskDict(dict: PythonDict): PythonDict {
  return Object.fromEntries(
    Object.entries(dict).map(([key, value]) => [
      key,
      typeof value === 'string' ? maskValue(key, value) : value,
    ]),
  )
}

function addNote(facts: LogFacts, message: string): void {
  const notes = facts.notes ?? []
  if (notes.length < maximumNotes) facts.notes = [...notes, maskAssignments(message.slice(0, noteLength))]
}
