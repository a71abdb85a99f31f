/** The type that keeps a translation complete: same keys as the English words, to any depth. */
export type Words<English> = {
  [Key in keyof English]: English[Key] extends string ? string : Words<English[Key]>
}
