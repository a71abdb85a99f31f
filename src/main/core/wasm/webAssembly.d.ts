/**
 * The part of the WebAssembly interface that our kernels use. TypeScript ships it only with the types of web pages,
 * which code outside the window must not see, and the types of Node leave it out.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    /** Adds pages of 64 KiB. Throws RangeError when it cannot. */
    grow(pages: number): number
  }
}
