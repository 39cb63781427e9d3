/** Literal texts become string, so that another language may say it otherwise; shapes and arguments stay. */
export type Widen<T> = T extends string
  ? string
  : T extends (...values: infer A) => infer R
    ? (...values: A) => Widen<R>
    : T extends readonly unknown[]
      ? { readonly [K in keyof T]: Widen<T[K]> }
      : { [K in keyof T]: Widen<T[K]> }
