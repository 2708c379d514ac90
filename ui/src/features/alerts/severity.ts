import type { AlertSeverity } from "@/api/generated/types";
import type { Tone } from "@/components/status";

export const SEVERITIES: AlertSeverity[] = ["critical", "warning", "info"];

const tones: Record<AlertSeverity, Tone> = { critical: "bad", warning: "warn", info: "info" };

export const severityTone = (severity: AlertSeverity): Tone => tones[severity];
