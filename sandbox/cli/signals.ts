/**
 * One press of Ctrl-C can arrive twice: from the terminal, which signals every process in the foreground, and from
 * npm, which passes on what it gets.
 */
const ONE_PRESS_MS = 700;

export interface Interrupts {
  /** Called at the first interrupt, and again at each further press. */
  onPress: (count: number, signal: NodeJS.Signals) => void;
}

const interrupting = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Keeps this process alive through interrupts, which are handed to whoever runs Pulumi. */
export class InterruptListener {
  readonly #handlers = new Set<Interrupts["onPress"]>();
  readonly #listener: (signal: NodeJS.Signals) => void;
  #presses = 0;
  #reason: string | undefined;
  #last = -Infinity;

  constructor() {
    this.#listener = (signal) => {
      const now = performance.now();
      if (now - this.#last < ONE_PRESS_MS) return;
      this.#last = now;
      this.#press(signal);
    };
    for (const signal of interrupting) process.on(signal, this.#listener);
  }

  /** How often it was asked to stop. */
  get presses(): number {
    return this.#presses;
  }

  /** Why it was asked to stop, where that was not by the user. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Asks for a stop as the user does. */
  interrupt(reason: string): void {
    this.#reason = reason;
    // On a terminal the user's own SIGINT reaches every process, so the listeners do not pass it on.
    this.#press("SIGTERM");
  }

  #press(signal: NodeJS.Signals): void {
    this.#presses += 1;
    for (const handler of this.#handlers) handler(this.#presses, signal);
  }

  /** @returns The function that ends it. */
  listen(handler: Interrupts["onPress"]): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  dispose(): void {
    for (const signal of interrupting) process.off(signal, this.#listener);
  }
}
