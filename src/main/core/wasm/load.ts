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
 * Compiles a kernel module from its base64 text.
 *
 * @throws WebAssembly.CompileError when the processor or runtime lacks SIMD.
 */
export const compileKernel = (base64: string) => new WebAssembly.Module(Buffer.from(base64, 'base64'))

/**
 * An instance of a kernel, with memory of its own.
 *
 * @typeParam Exports the functions the module offers, besides memory and allocator.
 */
export function instantiateKernel<Exports>(module: WebAssembly.Module): KernelExports & Exports {
  const instance = new WebAssembly.Instance(module, { env: { abort } })
  return instance.exports as unknown as KernelExports & Exports
}

/** Compiles and instantiates in one step, for kernels that need one instance. */
export const loadKernel = <Exports>(base64: string): KernelExports & Exports =>
  instantiateKernel(compileKernel(base64))

function abort(): never {
  throw new Error('A WebAssembly kernel stopped: out of memory or out of bounds.')
}
