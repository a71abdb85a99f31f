/**
 * Reads Python literals as `repr` writes them, without running anything: dicts, lists, tuples, sets, strings, numbers,
 * True, False, None, nan, inf. Objects such as `<SaveStrategy.STEPS: 'steps'>` or `PosixPath('a')` become text;
 * wrapped numbers such as `np.float64(0.5)` and `tensor(0.5, device='cuda:0')` become the number.
 */

export type PythonValue = number | string | boolean | null | PythonValue[] | { [key: string]: PythonValue }

/** A literal that ends too early or is none. `at` is the character where reading stopped. */
export class PythonLiteralError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(`${message} at character ${at}`)
    this.name = 'PythonLiteralError'
    this.at = at
  }
}

const maximumDepth = 200

/**
 * Reads one literal.
 *
 * @param start where it begins; spaces before it are skipped.
 * @returns the value and the index after it. Tuples and sets become arrays, non-string keys become text.
 * @throws PythonLiteralError when the text is not a complete literal.
 */
export function readPythonLiteral(text: string, start = 0): { value: PythonValue; end: number } {
  const reader = new LiteralReader(text, start)
  const value = reader.value(0)
  return { value, end: reader.at }
}

class LiteralReader {
  at: number
  readonly #text: string

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  value(depth: number): PythonValue {
    if (depth > maximumDepth) throw this.#error('Nested too deeply')
    this.#skipSpace()
    const char = this.#text[this.at]
    if (char === undefined) throw this.#error('The text ends')
    if (char === '{') return this.#braces(depth)
    if (char === '[') return this.#items(']', depth)
    if (char === '(') return this.#items(')', depth)
    if (char === '<') return this.#angle()
    if (char === "'" || char === '"') return this.#strings()
    if (/[0-9.+-]/.test(char)) return this.#number()
    return this.#word(depth)
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.at] ?? '')) this.at++
  }

  #error(message: string): PythonLiteralError {
    return new PythonLiteralError(message, this.at)
  }

  /** Moves over `char` after spaces, if it comes next. */
  #take(char: string): boolean {
    this.#skipSpace()
    if (this.#text[this.at] !== char) return false
    this.at++
    return true
  }

  #braces(depth: number): PythonValue {
    this.at++
    const entries: [string, PythonValue][] = []
    const items: PythonValue[] = []
    while (!this.#take('}')) {
      const key = this.value(depth + 1)
      if (this.#take(':'))
        entries.push([typeof key === 'string' ? key : pythonText(key), this.value(depth + 1)])
      else items.push(key)
      if (!this.#take(',') && this.#text[this.at] !== '}') throw this.#error('Expected , or }')
    }
    // fromEntries defines own properties, so a key such as __proto__ stays data.
    return items.length > 0 ? items : Object.fromEntries(entries)
  }

  #items(close: string, depth: number): PythonValue {
    this.at++
    const items: PythonValue[] = []
    let commas = 0
    while (!this.#take(close)) {
      items.push(this.value(depth + 1))
      if (this.#take(',')) commas++
      else if (this.#text[this.at] !== close) throw this.#error(`Expected , or ${close}`)
    }
    return close === ')' && items.length === 1 && commas === 0 ? items[0]! : items
  }

  /** `<HubStrategy.EVERY_SAVE: 'every_save'>` as its text. */
  #angle(): string {
    const end = this.#text.indexOf('>', this.at)
    if (end < 0) throw this.#error('Expected >')
    const text = this.#text.slice(this.at, end + 1)
    this.at = end + 1
    return text
  }

  /** One or more strings side by side, joined as Python joins them. */
  #strings(prefix = ''): string {
    let joined = ''
    for (;;) {
      joined += this.#string(/r/i.test(prefix))
      const before = this.at
      this.#skipSpace()
      const next = this.#text[this.at]
      if (next !== "'" && next !== '"') {
        this.at = before
        return joined
      }
      prefix = ''
    }
  }

  #string(raw: boolean): string {
    const quote = this.#text[this.at]!
    const delimiter = this.#text.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote
    this.at += delimiter.length
    let value = ''
    for (;;) {
      const char = this.#text[this.at]
      if (char === undefined) throw this.#error('The string does not end')
      if (this.#text.startsWith(delimiter, this.at)) {
        this.at += delimiter.length
        return value
      }
      if (char === '\\') value += this.#escape(raw)
      else {
        value += char
        this.at++
      }
    }
  }

  #escape(raw: boolean): string {
    const next = this.#text[this.at + 1] ?? ''
    if (raw) {
      this.at += 2
      return `\\${next}`
    }
    const simple: Record<string, string> = {
      n: '\n',
      t: '\t',
      r: '\r',
      '\\': '\\',
      "'": "'",
      '"': '"',
      a: '\x07',
      b: '\b',
      f: '\f',
      v: '\v',
      '\n': '',
    }
    const known = simple[next]
    if (known !== undefined) {
      this.at += 2
      return known
    }
    const coded = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/.exec(
      this.#text.slice(this.at, this.at + 10),
    )
    const code = coded
      ? Number.parseInt(coded[1] ?? coded[2] ?? coded[3] ?? coded[4]!, coded[4] === undefined ? 16 : 8)
      : -1
    if (!coded || code > 0x10ffff) {
      this.at += 2
      return `\\${next}`
    }
    this.at += coded[0].length
    return String.fromCodePoint(code)
  }

  #number(): PythonValue {
    const matched =
      /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?|inf(?:inity)?\b|nan\b)/i.exec(
        this.#text.slice(this.at, this.at + 400),
      )
    if (!matched) throw this.#error('Expected a number')
    this.at += matched[0].length
    return pythonNumber(matched[0])
  }

  #word(depth: number): PythonValue {
    const rest = this.#text.slice(this.at, this.at + 200)
    const prefix = /^(?:[rbuf]|rb|br|fr|rf)(?=['"])/i.exec(rest)
    if (prefix) {
      this.at += prefix[0].length
      return this.#strings(prefix[0])
    }
    const name = /^[A-Za-z_][\w.]*/.exec(rest)?.[0]
    if (name === undefined) throw this.#error('Expected a value')
    this.at += name.length
    if (this.#text[this.at] === '(') return this.#call(name, depth)
    if (name === 'True') return true
    if (name === 'False') return false
    if (name === 'None') return null
    if (/^(nan|inf|infinity)$/i.test(name)) return pythonNumber(name)
    return name
  }

  /** `name(first, key=value)`: the number inside when the first argument is one, else the text of the call. */
  #call(name: string, depth: number): PythonValue {
    const start = this.at - name.length
    this.at++
    let first: PythonValue | undefined
    while (!this.#take(')')) {
      this.#skipSpace()
      const keyword = /^[A-Za-z_]\w*=/.exec(this.#text.slice(this.at, this.at + 200))
      if (keyword) this.at += keyword[0].length
      const value = this.value(depth + 1)
      if (!keyword && first === undefined) first = value
      if (!this.#take(',') && this.#text[this.at] !== ')') throw this.#error('Expected , or )')
    }
    return typeof first === 'number' || typeof first === 'boolean' ? first : this.#text.slice(start, this.at)
  }
}

function pythonNumber(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase()
  const sign = plain.startsWith('-') ? -1 : 1
  const body = plain.replace(/^[+-]/, '')
  if (body === 'nan') return NaN
  if (body.startsWith('inf')) return sign * Infinity
  return sign * Number(body)
}

function pythonText(value: PythonValue): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
