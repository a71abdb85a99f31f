/**
 * The names that pickles of torch weights may use: storages, the functions that put tensors together, ordered
 * dictionaries. The list is closed; any other name is refused before anything is done with it.
 */
import { bytesPerElement, readElements, type Dtype } from './dtypes.ts'
import type { FileBytes } from './fileBytes.ts'
import type { PickleHost, PickleObject, PickleValue } from './pickle.ts'
import { countOf, refuseCheckpoint, type TensorEntry } from './tensorSource.ts'

/** A storage named by a pickle; where its bytes lie is known to the container format. */
export type StorageRef = PickleObject & {
  readonly pickleKind: 'storage'
  key: string
  dtype: Dtype
  /** Elements in the whole storage. */
  length: number
  /** First element of this view in the root storage (old files share storages between views). */
  viewOffset: number
}
/** A view into a storage: sizes and strides in elements. */
type TensorRef = PickleObject & {
  readonly pickleKind: 'tensor'
  storage: StorageRef
  offset: number
  shape: number[]
  stride: number[]
}
/** An object of very old files that gets its tensor later, by BUILD. */
type TensorBox = PickleObject & { readonly pickleKind: 'box'; tensor: TensorRef | undefined }
type Global = PickleObject & { readonly pickleKind: 'global'; name: string }
type TorchObject = StorageRef | TensorRef | TensorBox | Global

/** Dictionaries may share values, so a small file could claim a huge tree; real models have some thousand entries. */
const maxEntries = 1_000_000

const storageTypes: Record<string, Dtype> = {
  DoubleStorage: 'f64', FloatStorage: 'f32', HalfStorage: 'f16', BFloat16Storage: 'bf16', LongStorage: 'i64',
  IntStorage: 'i32', ShortStorage: 'i16', CharStorage: 'i8', ByteStorage: 'u8', BoolStorage: 'bool',
} // prettier-ignore

const storageDtypeOf = (name: string): Dtype | undefined => {
  const match = /^torch\.(?:cuda\.)?(\w+)$/.exec(name)
  return match === null ? undefined : storageTypes[match[1]]
}

/** Functions and classes that may be applied, and what they give. */
const applicable: Record<string, (args: PickleValue[], refuse: (why: string) => Error) => PickleValue> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': tensorFrom,
  'torch._utils._rebuild_tensor_v2': tensorFrom,
  'torch._utils._rebuild_parameter': ([data], refuse) => data ?? fail(refuse, 'a parameter without data'),
  'torch.nn.parameter.Parameter': boxFrom,
  'torch.FloatTensor': boxFrom,
  'torch.cuda.FloatTensor': boxFrom,
  'torch.Size': ([sizes]) => (Array.isArray(sizes) ? sizes : []),
}

/** A pickle host that knows the objects of torch checkpoints. */
export function torchHost(path: string): PickleHost {
  const refuse = (why: string): Error => refuseCheckpoint(path, why)
  return {
    refuse,
    global(name) {
      if (!Object.hasOwn(applicable, name) && storageDtypeOf(name) === undefined) {
        throw refuse(`its pickle asks for ${JSON.stringify(name).slice(1, -1)}, which weights never need`)
      }
      const global: Global = { pickleKind: 'global', name }
      return global
    },
    apply(callee, args) {
      const name = objectOf(callee, 'global')?.name
      const apply = name !== undefined && Object.hasOwn(applicable, name) ? applicable[name] : undefined
      if (apply === undefined) throw refuse(`its pickle calls ${name ?? 'a value'} as a function`)
      return apply(args, refuse)
    },
    build(target, state) {
      if (target instanceof Map) return // attributes of a state dict, such as its format version
      const box = objectOf(target, 'box')
      if (box !== undefined) return fillBox(box, state, refuse)
      throw refuse('its pickle gives state to an object that has none')
    },
    persistent(id) {
      const [kind, type, key, , length, view] = Array.isArray(id) ? id : []
      const dtype = storageDtypeOf(objectOf(type, 'global')?.name ?? '')
      if (
        kind !== 'storage' ||
        dtype === undefined ||
        !(typeof key === 'string' || typeof key === 'number') ||
        !isCount(length)
      ) {
        throw refuse('its pickle names a storage in an unknown way')
      }
      const viewOffset = Array.isArray(view) ? view[1] : 0
      const viewLength = Array.isArray(view) ? view[2] : length
      if (!isCount(viewOffset) || !isCount(viewLength))
        throw refuse('its pickle names a part of a storage in an unknown way')
      const storage: StorageRef = {
        pickleKind: 'storage',
        key: String(key),
        dtype,
        length: Number(length),
        viewOffset,
      }
      return storage
    },
  }
}

/**
 * The named tensors of an unpickled value: a state dict, or a dictionary that holds one. Wrappers that training scripts
 * add (`state_dict`, `model`, and the prefix `module.` of data-parallel models) are taken off.
 */
export function tensorsOf(value: PickleValue, path: string): Map<string, TensorRef> {
  const found = new Map<string, TensorRef>()
  let visited = 0
  const visit = (item: PickleValue, name: string, depth: number): void => {
    if (++visited > maxEntries) throw refuseCheckpoint(path, `it holds more than ${maxEntries} entries`)
    const tensor = objectOf(item, 'tensor') ?? objectOf(item, 'box')?.tensor
    if (tensor !== undefined) found.set(name, tensor)
    else if (item instanceof Map && depth < 3) {
      for (const [key, child] of item)
        visit(child, name === '' ? String(key) : `${name}.${String(key)}`, depth + 1)
    }
  }
  visit(unwrapped(value), '', 0)
  if (found.size === 0)
    throw refuseCheckpoint(
      path,
      'it holds no named tensors (a whole pickled model, perhaps: save its state_dict() instead)',
    )
  const isParallel = [...found.keys()].every((name) => name.startsWith('module.'))
  return isParallel
    ? new Map([...found].map(([name, tensor]) => [name.slice('module.'.length), tensor]))
    : found
}

/** All distinct storages that tensors of the value use. */
export function storagesOf(tensors: Map<string, TensorRef>): StorageRef[] {
  return [...new Set([...tensors.values()].map((tensor) => tensor.storage))]
}

/**
 * Entries that read tensors from their storages.
 *
 * @param locate where a storage's bytes begin and how many there are.
 */
export function tensorEntries(
  file: FileBytes,
  tensors: Map<string, TensorRef>,
  locate: (storage: StorageRef) => { offset: number; byteLength: number },
): Map<string, TensorEntry> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      checkView(tensor, name, file.path)
      const place = locate(tensor.storage)
      if (
        place.byteLength < tensor.storage.length * bytesPerElement(tensor.storage.dtype) ||
        place.offset + place.byteLength > file.size
      ) {
        throw refuseCheckpoint(
          file.path,
          `tensor "${name}" claims ${tensor.storage.length} elements, more than the file holds`,
        )
      }
      return [name, { shape: tensor.shape, read: () => readView(file, tensor, place.offset) }]
    }),
  )
}

/** Elements between the first and the last one of a view, both included. */
function spanOf({ shape, stride }: TensorRef): number {
  if (countOf(shape) === 0) return 0
  return 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * stride[axis], 0)
}

/** A view must stay inside its storage and must not repeat elements: a few bytes could else claim terabytes. */
function checkView(tensor: TensorRef, name: string, path: string): void {
  const { storage, shape } = tensor
  const end = storage.viewOffset + tensor.offset + spanOf(tensor)
  if (!Number.isSafeInteger(end) || end > storage.length || countOf(shape) > storage.length) {
    throw refuseCheckpoint(
      path,
      `tensor "${name}" of shape [${shape.join(', ')}] leaves its storage of ${storage.length} elements`,
    )
  }
}

function readView(file: FileBytes, tensor: TensorRef, storageOffset: number): Float32Array {
  const { storage, shape, stride } = tensor
  const first = storage.viewOffset + tensor.offset
  const data = readElements(
    file,
    storageOffset + first * bytesPerElement(storage.dtype),
    spanOf(tensor),
    storage.dtype,
  )
  return isContiguous(shape, stride) ? data : gather(data, shape, stride)
}

function isContiguous(shape: number[], stride: number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false
    expected *= shape[axis]
  }
  return true
}

/** Copies a strided view into row-major order. */
function gather(data: Float32Array, shape: number[], stride: number[]): Float32Array {
  const result = new Float32Array(countOf(shape))
  const index = new Array<number>(shape.length).fill(0)
  let source = 0
  for (let i = 0; i < result.length; i++) {
    result[i] = data[source]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += stride[axis]
      if (++index[axis] < shape[axis]) break
      source -= stride[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return result
}

function orderedDict(args: PickleValue[], refuse: (why: string) => Error): PickleValue {
  const pairs = args[0] ?? []
  if (!Array.isArray(pairs)) return fail(refuse, 'an ordered dictionary made from something else than pairs')
  return new Map(
    pairs.map((pair): [PickleValue, PickleValue] =>
      Array.isArray(pair) && pair.length === 2
        ? [pair[0], pair[1]]
        : fail(refuse, 'an ordered dictionary with a broken pair'),
    ),
  )
}

/** `(storage, offset, sizes, strides, …)`, the arguments of torch's own functions. */
function tensorFrom(args: PickleValue[], refuse: (why: string) => Error): TensorRef {
  const [first, offset, shape, stride] = args
  const storage = objectOf(first, 'storage')
  if (
    storage === undefined ||
    !isCount(offset) ||
    !isCountList(shape) ||
    !isCountList(stride) ||
    shape.length !== stride.length ||
    shape.length > 8
  ) {
    return fail(refuse, 'a tensor with unknown arguments')
  }
  return { pickleKind: 'tensor', storage, offset, shape, stride }
}

function boxFrom(args: PickleValue[]): TensorBox {
  return { pickleKind: 'box', tensor: objectOf(args[0], 'tensor') }
}

/** State of a tensor: (storage, offset, sizes, strides); of an old variable: (tensor, …); of a parameter: flags only. */
function fillBox(box: TensorBox, state: PickleValue, refuse: (why: string) => Error): void {
  if (!Array.isArray(state)) return fail(refuse, 'a parameter with unknown state')
  if (objectOf(state[0], 'storage')) box.tensor = tensorFrom(state, refuse)
  else box.tensor = objectOf(state[0], 'tensor') ?? objectOf(state[0], 'box')?.tensor ?? box.tensor
}

function unwrapped(value: PickleValue): PickleValue {
  if (!(value instanceof Map)) return value
  for (const key of ['state_dict', 'model_state_dict', 'model', 'net', 'params']) {
    const inner = value.get(key)
    if (inner instanceof Map) return inner
  }
  return value
}

/** The value as an object of the given kind, or undefined. Only this module makes pickle objects. */
function objectOf<Kind extends TorchObject['pickleKind']>(
  value: PickleValue | undefined,
  kind: Kind,
): Extract<TorchObject, { pickleKind: Kind }> | undefined {
  if (typeof value !== 'object' || value === null || !('pickleKind' in value) || value.pickleKind !== kind)
    return undefined
  return value as unknown as Extract<TorchObject, { pickleKind: Kind }>
}

const isCount = (value: PickleValue | undefined): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0
const isCountList = (value: PickleValue | undefined): value is number[] =>
  Array.isArray(value) && value.every(isCount)

function fail(refuse: (why: string) => Error, what: string): never {
  throw refuse(`its pickle holds ${what}`)
}
