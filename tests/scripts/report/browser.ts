import { type Browser, chromium } from "playwright-core";

/** Starts the Chromium that npm installs. Its own arguments are for functions with a single process and no security. */
export async function startBrowser(): Promise<Browser> {
  const { default: packed } = await import("@sparticuz/chromium");
  packed.setGraphicsMode = false;
  return chromium.launch({
    executablePath: await packed.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}
