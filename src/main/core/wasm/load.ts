/**
 * Loads one of our WebAssembly kernels. The modules are built from `assembly/*.ts` by `scripts/buildKernels.mjs`
 * and hold only functions on raw memory: offsets in, numbers out.
 */

/** Exports every kernel module shares: its memory and AssemblyScript's allocator. */
export type KernelExports = {
  memory: WebAssembly.Memory
  __new(byteLength: number, classId: number): number
}

/**
 * Instantiates a kernel module from its base64 text.
 *
 * @typeParam Exports the functions the module offers, besides memory and allocator.
 * @throws WebAssembly.CompileError when the processor or runtime lacks SIMD.
 */
export function loadKernel<Exports>(base64: string): KernelExports & Exports {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'))
  const instance = new WebAssembly.Instance(module, { env: { abort } })
  return instance.exports as unknown as KernelExports & Exports
}

function abort(): never {
  throw new Error('A WebAssembly kernel stopped: out of memory or out of bounds.')
}
