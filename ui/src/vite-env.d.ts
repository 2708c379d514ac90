/// <reference types="vite/client" />
/** Whether the stand-in of the commands is built in; constant at build time. */
declare const __MOCK__: boolean;
declare module "@fontsource-variable/inter";
declare module "@fontsource-variable/jetbrains-mono";
