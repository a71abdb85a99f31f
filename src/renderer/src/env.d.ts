interface ImportMetaEnv {
  /** Fingerprint of the contract these pages were built with; absent where they are not built, as in tests. */
  readonly CONTRACT?: string
}
