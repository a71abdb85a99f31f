/** Reads the words around a command: steps, machines, learning rates, state words, observed losses. */
import type { CommandLabels } from '../../../../shared/domain/labBook.ts'

const scriptName = /[\w/.-]+\.(?:py|sh)\b/g

/** What a label may begin with when it says what its command does. */
const activity =
  /^\W{0,3}(?:train(?:ing)?|re-?train|eval(?:uat\w*)?|test(?:ing)?|bench(?:mark)?\w*|continuous\s+gen\w*|conti\b|gen(?:erat\w*)?|infer\w*|frames?[\s_-]+to[\s_-]+videos?|videos?|sampl\w*|debug\w*|resume\w*|fine-?tun\w*|launch|run|commands?|cmd|start|命令|训练|微调|调试|评估|评测|测试|推理|生成|基准|可视化|视频|启动|运行)(?![a-z])/i

const stateWords = new Set(
  'todo debug running training evaluating done finished complete completed failed fail stopped killed crashed oom diverged pending queued waiting wip interrupted aborted resumed skipped 待办 待做 待跑 未完成 未跑 进行中 训练中 运行中 评估中 已完成 完成 失败 中断 崩溃 爆显存'.split(
    ' ',
  ),
)

/** Whether a text is a reminder: `todo` as a word, or its Chinese forms, unless struck through. */
export function isTodo(text: string): boolean {
  return /(?<![A-Za-z])to-?do(?![A-Za-z])|待办|待做|待跑|未完成/i.test(text.replace(/~~.*?~~/g, ''))
}

/** Whether a text begins with the name of a script or of an activity, so that it may head a command. */
export function namesActivity(text: string): boolean {
  const plain = text.replace(/^[\s*_`#>-]+/, '')
  return /^[\w/.-]+\.(?:py|sh)\b/.test(plain) || activity.test(plain)
}

/** The script a label names, such as `eval_csgo_loc.py`. */
export function scriptIn(text: string): string | undefined {
  return text.match(scriptName)?.find((name) => name.endsWith('.py'))
}

/** The first day named in a text, as `YYYY-MM-DD`. */
export function dateIn(text: string): string | undefined {
  const match = /(?<![\d_])(20\d\d)([-/.年]?)(0?[1-9]|1[0-2])(?:\2|月)(0?[1-9]|[12]\d|3[01])(?!\d)/.exec(text)
  if (!match || (match[2] === '' && match[0].length !== 8)) return undefined
  return `${match[1]}-${match[3].padStart(2, '0')}-${match[4].padStart(2, '0')}`
}

const maxLabelLength = 1000

const scoreName =
  /psnr|ssim|lpips|\bfid\b|fvd|kid|clip|acc|mse|mae|dist|error|aesthetic|f1|epe|iou|recall|precision|^l[12]_/i

/**
 * Facts in the text of a label. Nothing is guessed: what matches no known form stays in `remarks`.
 *
 * @param text as written, without the command itself.
 */
export function readLabel(text: string): CommandLabels {
  const facts = {
    steps: [] as number[],
    machines: [] as string[],
    learningRates: [] as string[],
    batchSizes: [] as number[],
    states: [] as string[],
    pending: [] as string[],
    dates: [] as string[],
    remarks: [] as string[],
    losses: {} as Record<string, number>,
    scores: {} as Record<string, number>,
    settings: {} as Record<string, string>,
  }
  const numbers = (list: string) => list.match(/\d+/g)?.map(Number) ?? []
  // Longer texts are prose; the search for facts stays short on any input.
  const words = withoutFullWidth(text.slice(0, maxLabelLength)).replace(/^\[!(\w+)\][+-]?/, '$1 ')
  let rest = words.replace(/\*\*|__(?=\S)|~~/g, ' ').replace(scriptName, ' ')
  const isHead = activity.test(rest.trim()) && /^\s*(\*\*|__|`)/.test(words)
  if (isHead)
    rest = words
      .replace(/^\s*(?:\*\*|__|`)(.+?)(?:\*\*|__|`)/, (_, name: string) => ` ${keepStates(name)} `)
      .replace(/\*\*|~~/g, ' ')
  rest = rest.replace(/([()])/g, ' $1 ')
  const cut = (pattern: RegExp, use: (match: RegExpMatchArray) => boolean | void) => {
    rest = rest.replace(pattern, (...args: unknown[]) => {
      const groups = args.slice(
        0,
        args.findIndex((arg) => typeof arg === 'number'),
      ) as string[]
      return use(groups as RegExpMatchArray) === false ? groups[0] : ' ; '
    })
  }
  cut(
    /(?<![\d_])20\d\d([-/.年]?)(?:0?[1-9]|1[0-2])(?:\1|月)(?:0?[1-9]|[12]\d|3[01])日?(?!\d)(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?/g,
    ([all]) => {
      const day = dateIn(all)
      if (day === undefined) return false
      facts.dates.push(day)
    },
  )
  cut(
    /(?:\b(?:global[_ ]?)?(?:steps?|iters?|iterations?|ckpts?|checkpoints?)|步数|迭代(?:次数)?|检查点)\s*[=:@-]?\s*((?:\d+(?![\d\w.:])|\d{2,}(?![\d\w.]|:\S))(?:[\s,、/]+\d+(?![\d\w.]|:\S))*)/gi,
    ([, list]) => void facts.steps.push(...numbers(list)),
  )
  cut(/第?\s*(\d{2,})\s*步/g, ([, step]) => void facts.steps.push(Number(step)))
  cut(/\bsteps?\s*[=:]\s*(?=[(,;]|$)/gi, () => true)
  cut(
    /(?:\b(?:lr|learning[ _]rate)|学习率)\s*[=:]?\s*(\d[\d.]*(?:e[-+]?\d+)?)/gi,
    ([, rate]) => void facts.learningRates.push(rate),
  )
  cut(
    /(?:\b(?:bs|batch(?:[ _]?size)?)|批(?:次|量)?大小)\s*[=:]?\s*(\d+)/gi,
    ([, size]) => void facts.batchSizes.push(Number(size)),
  )
  cut(/\b(epochs?)\s*[=:]?\s*(\d+)/gi, ([, , count]) => void (facts.settings.epoch = count))
  cut(
    /(?<![\w.:-])@?(\d{1,3}(?=:\d)|\d{2,3}|[A-Za-z][A-Za-z0-9]{1,11}):(?:(\d+(?![\d\w.:])(?:[\s,，、]+\d+(?![\d\w.:]))*)|(?=\s|$))(?![\d:])/g,
    ([all, machine, list]) => {
      const isWord = /[A-Za-z]/.test(machine)
      if (
        isWord &&
        (list === undefined ||
          /loss|lr|seed|epoch|step|gpu|port|size|batch/i.test(machine) ||
          scoreName.test(machine))
      )
        return false
      if (/^\d{1,2}:\d\d$/.test(all) && Number(machine) < 24) return false
      facts.machines.push(machine)
      if (list !== undefined) facts.steps.push(...numbers(list))
    },
  )
  cut(
    /(?<!\d)(\d{1,3})\s*号?(?:机器?|服务器|卡机)(?![A-Za-z])\s*:?/g,
    ([, machine]) => void facts.machines.push(machine),
  )
  cut(/(?<![\w@])@([A-Za-z]\w*|\d+)(?![\w.])/g, ([, machine]) => void facts.machines.push(machine))
  cut(/([A-Za-z_][\w.-]*)\s*[=:]\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?)(?![\w:])/gi, ([, name, value]) => {
    const number = Number(value.replace('%', ''))
    if (/loss/i.test(name) && !/^alpha|weight|_w$/i.test(name) && Number.isFinite(number))
      facts.losses[name] = number
    else if (scoreName.test(name) && Number.isFinite(number)) facts.scores[name] = number
    else facts.settings[name] = value
  })
  cut(
    /\b(PSNR|(?:MS-)?SSIM|LPIPS|FID|KID|FVD|CLIP|Aesthetic)\s+(\d+\.\d+)(?![\w.])/g,
    ([, name, value]) => void (facts.scores[name] = Number(value)),
  )
  // A table's column "Done: No" is no state.
  cut(
    /\b(done|finished|completed?|已?完成)\s*:\s*(yes|no|true|false|[✓✔✅xX✗✘❌]|是|否)?/gi,
    ([, , answer]) => {
      if (/^(yes|true|[✓✔✅xX]|是)$/i.test(answer ?? '')) facts.states.push('done')
    },
  )
  cut(/([A-Za-z_]\w*loss\w*)\s*[:=]\s*(?=[,;)]|\s|$)/gi, ([, name]) => void facts.pending.push(name))
  cut(/(?<![\w.])\d+(?:\.\d+)?e-\d+(?!\w)/gi, ([rate]) => void facts.learningRates.push(rate))
  cut(
    /(?<![\p{L}\w.:=+/-])(\d{2,7})(?![\p{L}\w%/-]|[.:]\S)/gu,
    ([, step]) => void facts.steps.push(Number(step)),
  )
  cut(/[A-Za-z]+(?:-[A-Za-z]+)*|[\u4e00-\u9fff]+/g, ([word]) => {
    const state = word.toLowerCase().replace('to-do', 'todo')
    if (!stateWords.has(state)) return false
    facts.states.push(state)
  })
  facts.remarks = rest
    .split(/[;,，；()|·]+/)
    .map((part) => part.replace(/^[\s:：`*~.\-–—]+|[\s:：`*~\-–—]+$/g, ''))
    .filter((part) => /[\p{L}\p{N}]/u.test(part) && !isActivityOnly(part))
  return withoutEmpty(facts)
}

/** Full-width signs of Chinese text as the plain ones: `步数＝8000，` says the same as `步数=8000,`. */
const withoutFullWidth = (text: string) =>
  text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))

/** A word such as `eval` or `训练命令` says nothing that the command does not say itself. */
const isActivityOnly = (part: string) =>
  activity.test(part) && !/\s/.test(part) && part.replace(activity, '').replace(/^(命令|脚本|ing)/, '') === ''

/** Of a label's bold name only the state words are facts; the rest is its name. */
function keepStates(name: string): string {
  return (name.toLowerCase().match(/[a-z]+(?:-[a-z]+)?|[\u4e00-\u9fff]+/g) ?? [])
    .filter((word) => stateWords.has(word))
    .join(' ')
}

/** Drops empty lists and records, so that a label only has the fields it speaks of. */
function withoutEmpty(facts: CommandLabels): CommandLabels {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, unknown][] => {
      if (Array.isArray(value)) return value.length > 0 ? [[name, [...new Set<unknown>(value)]]] : []
      return Object.keys(value as object).length > 0 ? [[name, value]] : []
    }),
  ) as CommandLabels
}

/** Joins the facts of several labels; the innermost (last) one wins where both name a value. */
export function joinLabels(labels: readonly CommandLabels[]): CommandLabels {
  const joined: Record<string, unknown> = {}
  for (const label of labels)
    for (const [name, value] of Object.entries(label)) {
      const present = joined[name]
      if (Array.isArray(value) && Array.isArray(present))
        joined[name] = [...new Set<unknown>([...(present as unknown[]), ...value])]
      else if (typeof value === 'object' && typeof present === 'object')
        joined[name] = { ...present, ...value }
      else joined[name] = value
    }
  return joined as CommandLabels
}
