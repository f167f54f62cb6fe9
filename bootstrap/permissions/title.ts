/** A name as a part of a statement's id, which takes letters and figures: `production-drill` is `ProductionDrill`. */
export function title(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
