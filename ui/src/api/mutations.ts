import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type {
  AlertChannel,
  AlertingView,
  AlertRule,
  Answer,
  Change,
  Export,
  ForwardId,
  LoginForm,
  QuotaForm,
  SilenceForm,
} from "./generated/types";
import { keys } from "./keys";

/** A command that is run by the person; what it changes comes back as the event `changed`. */
function useCommand<A, R>(run: (args: A) => Promise<R>) {
  return useMutation({ mutationFn: run });
}

export const usePreviewChange = () => useCommand((change: Change) => call("preview_change", { change }));
export const usePreviewPending = () => useCommand((hosts: string[]) => call("preview_pending", { hosts }));
export const useRecordPlan = () => useCommand((plan: string) => call("record_plan", { plan }));

export const useApplyPlan = () =>
  useCommand(({ plan, rollbackAfter = null }: { plan: string; rollbackAfter?: number | null }) =>
    call("apply_plan", { plan, rollback_after: rollbackAfter }),
  );

export const useCancelJob = () => useCommand((id: string) => call("cancel_job", { id }));
export const useRetryJob = () => useCommand((id: string) => call("retry_job", { id }));

export function useForgetJobs() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => call("forget_jobs", { ids }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.jobs }),
  });
}

export const useCheck = () => useCommand((forwards: ForwardId[]) => call("check", { forwards }));
/** Looks at hosts now; all if none is named. */
export const useLook = () => useCommand((hosts: string[]) => call("status", { hosts }));
export const useProbe = () => useCommand((login: LoginForm) => call("probe_host", { login }));
export const useTrustHost = () =>
  useCommand(({ host, fingerprint }: { host: string; fingerprint: string | null }) =>
    call("trust_host", { host, fingerprint }),
  );
/** Trusts the certificate that a Proxmox host shows now; the person is asked about it. */
export const useTrustProxmox = () => useCommand((name: string) => call("trust_proxmox", { name }));
export const useAnswer = () =>
  useCommand(({ id, answer }: { id: string; answer: Answer }) => call("answer_question", { id, answer }));
export const useCheckDns = () =>
  useCommand(({ name, address }: { name: string; address: string }) => call("check_dns", { name, address }));

export const useMeasureTunnel = () => useCommand((peer: string) => call("measure_tunnel", { peer }));

/** Asks where, and writes what helps others to help there. */
export const useSaveSupportBundle = () =>
  useCommand((maskAddresses: boolean) => call("save_support_bundle", { mask_addresses: maskAddresses }));

export const useExportCsv = () => useCommand((what: Export) => call("export_csv", { what }));
export const useSaveText = () =>
  useCommand(({ fileName, text }: { fileName: string; text: string }) =>
    call("save_text", { file_name: fileName, text }),
  );
export const useSaveClientConfig = () => useCommand((peer: string) => call("save_client_config", { peer }));
export const useOpenLink = () => useCommand((url: string) => call("open_link", { url }));
export const useOpenDataDir = () => useMutation({ mutationFn: () => call("open_data_dir") });
export const useNewerVersion = () => useMutation({ mutationFn: () => call("newer_version") });
export const useInstallUpdate = () => useMutation({ mutationFn: () => call("install_update") });
export const useQuit = () => useMutation({ mutationFn: () => call("quit") });

export function useKeepClientKey(peer: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (keep: boolean) => call("keep_client_key", { peer, keep }),
    onSuccess: (config) => client.setQueryData(keys.clientConfig(peer), config),
  });
}

export function useSaveTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ports }: { name: string; ports: string }) => call("save_template", { name, ports }),
    onSuccess: (all) => client.setQueryData(keys.templates, all),
  });
}

export function useRemoveTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call("remove_template", { name }),
    onSuccess: (all) => client.setQueryData(keys.templates, all),
  });
}

/** A command whose answer is all of the rules, channels and silences. */
function useAlertingCommand<A>(run: (args: A) => Promise<AlertingView>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: run, onSuccess: (all) => client.setQueryData(keys.alerting, all) });
}

export interface EnteredChannel {
  channel: AlertChannel;
  /** None leaves the one that is kept. */
  secret: string | null;
}

export const useSaveAlertRule = () =>
  useAlertingCommand((rule: AlertRule) => call("save_alert_rule", { rule }));
export const useRemoveAlertRule = () =>
  useAlertingCommand((rule: string) => call("remove_alert_rule", { rule }));
export const useSaveAlertChannel = () =>
  useAlertingCommand((entered: EnteredChannel) => call("save_alert_channel", { ...entered }));
export const useRemoveAlertChannel = () =>
  useAlertingCommand((channel: string) => call("remove_alert_channel", { channel }));
export const useTestAlertChannel = () =>
  useCommand((entered: EnteredChannel) => call("test_alert_channel", { ...entered }));
export const useSilence = () => useAlertingCommand((silence: SilenceForm) => call("silence", { silence }));
export const useEndSilence = () => useAlertingCommand((silence: string) => call("end_silence", { silence }));
export const useQuietHours = () => useAlertingCommand((hours: string) => call("set_quiet_hours", { hours }));

/** Sets how much a VPS may carry in a month; none if nobody counts. */
export function useSetQuota(vps: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (quota: QuotaForm | null) => call("set_quota", { vps, quota }),
    onSuccess: (month) => client.setQueryData(keys.month(vps), month),
  });
}

/** What is done about a client of a forward; afterwards it is looked who is connected. */
export function useClientCommand(forward: ForwardId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ address, seconds }: { address: string; seconds: number | "end" | "let-in" }) => {
      if (seconds === "end") await call("end_client", { forward, client: address });
      else if (seconds === "let-in") await call("unblock_client", { forward, client: address });
      else await call("block_client", { forward, client: address, seconds });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.clients(forward) }),
  });
}
