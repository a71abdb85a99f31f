/** The labels that stand above the line at hand and may speak of the commands below it. */
import { baseName } from '../../../../shared/domain/launch/catalogue.ts'
import { splitLaunch } from '../../../../shared/domain/launch/splitLaunch.ts'
import { scriptIn } from './labels.ts'

/** `rank` 0 is a title such as `**eval_csgo.py** 8000`, 1 a plain line below it such as `step=6000`. */
export type Label = {
  text: string
  indent: number
  rank: 0 | 1
  isListItem: boolean
  /** Counted from 0. */
  line: number
  isUsed: boolean
  todo: boolean
}

/** Labels from the outside in. Those that end are handed back, so that an unused one can be kept as a note. */
export class LabelStack {
  private labels: Label[] = []

  /** Puts a label on, and takes off the ones that it replaces. */
  push(label: Label): Label[] {
    const ended = this.take(
      ({ indent, rank, isListItem }) =>
        indent > label.indent ||
        (indent === label.indent && (rank >= label.rank || (isListItem && label.isListItem))),
    )
    this.labels.push(label)
    return ended
  }

  take(which: (label: Label) => boolean): Label[] {
    const taken = this.labels.filter(which)
    this.labels = this.labels.filter((label) => !which(label))
    return taken
  }

  /** The innermost labels that speak of a command, and the one a level further out. They count as used from now on. */
  of(argv: readonly string[]): { chain: Label[]; under: Label | undefined } {
    const script = baseName(splitLaunch(argv).script ?? '')
    // A title with the name of another script speaks of that one, once it has a command.
    const heads = this.labels.filter(({ text, isUsed }) => {
      const named = scriptIn(text)
      return named === undefined || !isUsed || baseName(named) === script
    })
    const innermost = heads.at(-1)
    if (!innermost) return { chain: [], under: undefined }
    const chain = heads.filter(({ indent }) => indent === innermost.indent)
    const under = this.labels.findLast(({ indent }) => indent < innermost.indent)
    for (const label of chain) label.isUsed = true
    return { chain, under }
  }
}
