/** The pieces that a lab book is cut into, and how its readers hand them over. */
import type { FoundLaunch, FoundProblem } from './launchText.ts'
import { indentOf, type Marker } from './markup.ts'

type Place = {
  /** Lines of the token, counted from 0, both included. */
  from: number
  to: number
  /** Columns in front of the text; a tab counts to the next multiple of 4. */
  indent: number
}

/** Lines count from 0 in the file, also those of commands and problems. */
export type Token = Place & { problems: FoundProblem[] } & (
    | { kind: 'blank' | 'rule' | 'front-matter' | 'comment' }
    | { kind: 'heading'; level: number; name: string; isTodo: boolean }
    | {
        kind: 'commands'
        marker: Marker
        checkbox?: boolean
        /** Text in front of and behind the command's markup. */
        before: string
        after: string
        commands: FoundLaunch[]
      }
    | { kind: 'environment'; text: string; settings: Record<string, string> }
    | { kind: 'shell'; text: string }
    | { kind: 'table'; text: string }
    | { kind: 'code'; text: string }
    | { kind: 'fence'; text: string }
    | { kind: 'text'; marker: Marker; checkbox?: boolean; text: string }
  )

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type TokenBody = DistributiveOmit<Token, keyof Place | 'problems'> & { problems?: FoundProblem[] }

/** The file being read. */
export type Source = { lines: readonly string[]; isOrg: boolean }

/** What a reader found from a line on, and the line behind it. */
export type Reading = { tokens: Token[]; next: number }

/** Makes a token of the lines `from` to `to`. */
export function tokenOf({ lines }: Source, body: TokenBody, from: number, to = from): Token {
  return { problems: [], ...body, from, to, indent: indentOf(lines[from]) } as Token
}

/** One token of one line. */
export const oneLine = (source: Source, body: TokenBody, at: number): Reading => ({
  tokens: [tokenOf(source, body, at)],
  next: at + 1,
})
