import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryOptions,
} from "@tanstack/react-query";
import { call } from "./client";
import type {
  ActivityFilter,
  ForwardDraft,
  ForwardId,
  Job,
  LogForm,
  SeriesRef,
  Settings,
  StretchForm,
} from "./generated/types";
import { keys } from "./keys";

type Extra = Pick<UseQueryOptions, "enabled">;

export const useVpses = () => useQuery({ queryKey: keys.vpses, queryFn: () => call("list_vpses") });
export const usePeers = () => useQuery({ queryKey: keys.peers, queryFn: () => call("list_peers") });
export const useForwards = () => useQuery({ queryKey: keys.forwards, queryFn: () => call("list_forwards") });

export const useVps = (name: string) =>
  useQuery({ queryKey: keys.vps(name), queryFn: () => call("vps_details", { name }) });

export const usePeer = (name: string) =>
  useQuery({ queryKey: keys.peer(name), queryFn: () => call("peer_details", { name }) });

/** Hosts, tunnels and forwards as they are now; of all hosts if none is named. */
export const useFigures = (hosts: string[] = []) =>
  useQuery({ queryKey: keys.figures(hosts), queryFn: () => call("figures", { hosts }) });

/** Figures of a stretch of the past, an answer for each series; the one before stays until the next is there. */
export const usePast = (of: SeriesRef[], stretch: StretchForm) =>
  useQuery({
    queryKey: keys.past(of, stretch),
    queryFn: () => call("past", { of, stretch }),
    enabled: of.length > 0,
    placeholderData: keepPreviousData,
  });

/** What a stretch of the past comes to, of one VPS or of all. */
export const useAnalysis = (stretch: StretchForm, vps: string | undefined) =>
  useQuery({
    queryKey: keys.analysis(stretch, vps),
    queryFn: () => call("analysis", { stretch, vps: vps ?? null }),
    placeholderData: keepPreviousData,
  });

/** Who is connected through a forward; asks its VPS, hence only while somebody looks. */
export const useClients = (forward: ForwardId, looking: boolean) =>
  useQuery({
    queryKey: keys.clients(forward),
    queryFn: () => call("clients", { forward }),
    enabled: looking,
    refetchInterval: CLIENTS_AGAIN,
    retry: false,
  });

/** Milliseconds between two looks at who is connected. */
const CLIENTS_AGAIN = 10_000;

/** The newest lines of the log that fit; they go on coming. */
export const useLogLines = (query: LogForm) =>
  useQuery({
    queryKey: keys.logLines(query),
    queryFn: () => call("log_lines", { query }),
    placeholderData: keepPreviousData,
    refetchInterval: LOG_AGAIN,
  });

/** Milliseconds between two looks into the log. */
const LOG_AGAIN = 5_000;

export const useCollecting = () => useQuery({ queryKey: keys.collecting, queryFn: () => call("collecting") });

/** Milliseconds: what is pending comes and goes without a word. */
const LOOK_AGAIN = 15_000;

export const useAlerting = () => useQuery({ queryKey: keys.alerting, queryFn: () => call("alerting") });
/** What the rules found. */
export const useFired = () =>
  useQuery({ queryKey: keys.fired, queryFn: () => call("alerts"), refetchInterval: LOOK_AGAIN });
export const useDeliveries = () =>
  useQuery({ queryKey: keys.deliveries, queryFn: () => call("deliveries"), refetchInterval: LOOK_AGAIN });

/** What a VPS carried since its month began. */
export const useMonth = (vps: string) =>
  useQuery({ queryKey: keys.month(vps), queryFn: () => call("month", { vps }), refetchInterval: 60_000 });

export const useProxmoxes = () =>
  useQuery({ queryKey: keys.proxmoxes, queryFn: () => call("list_proxmoxes") });

/** Nodes and guests as they are now: asked for when somebody looks. */
export const useGuests = (name: string) =>
  useQuery({
    queryKey: keys.guests(name),
    queryFn: () => call("proxmox_guests", { name }),
    retry: false,
    staleTime: 30_000,
  });
/** Bridges of all nodes as they are now. */
export const useBridges = (name: string) =>
  useQuery({ queryKey: keys.bridges(name), queryFn: () => call("proxmox_bridges", { name }) });

export const useAttached = (name: string) =>
  useQuery({
    queryKey: keys.attached(name),
    queryFn: () => call("proxmox_attached", { name }),
    retry: false,
    staleTime: 30_000,
  });
export const useGuest = (name: string, vmid: number) =>
  useQuery({
    queryKey: keys.guest(name, vmid),
    queryFn: () => call("proxmox_guest", { name, vmid }),
    retry: false,
  });

/** How hosts stood when they were last looked at. */
export const useLive = () => useQuery({ queryKey: keys.live, queryFn: () => call("live") });

export const usePending = () => useQuery({ queryKey: keys.pending, queryFn: () => call("pending") });
export const useJobs = () => useQuery({ queryKey: keys.jobs, queryFn: () => call("jobs") });
/** One job: from the list that is kept current, or asked for where it is not in there yet. */
export function useJob(id: string): { job: Job | undefined; error: unknown } {
  const jobs = useJobs();
  const listed = jobs.data?.find((one) => one.id === id);
  const asked = useQuery({
    queryKey: keys.job(id),
    queryFn: () => call("job", { id }),
    enabled: id !== "" && jobs.data !== undefined && !listed,
  });
  return { job: listed ?? asked.data, error: jobs.error ?? (listed ? null : asked.error) };
}

export const useQuestions = () => useQuery({ queryKey: keys.questions, queryFn: () => call("questions") });
export const useChecks = () => useQuery({ queryKey: keys.checks, queryFn: () => call("check_results") });

export const useDrift = (host: string) =>
  useQuery({ queryKey: keys.drift(host), queryFn: () => call("drift", { host }), gcTime: 0 });

const ACTIVITY_PAGE = 200;

export const useActivity = (filter: ActivityFilter) =>
  useInfiniteQuery({
    queryKey: keys.activity(filter),
    queryFn: ({ pageParam }) =>
      call("activity", { filter, page: { offset: pageParam, limit: ACTIVITY_PAGE } }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const have = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return have < last.total && last.rows.length > 0 ? have : undefined;
    },
    placeholderData: keepPreviousData,
  });

export const useOperation = (id: string) =>
  useQuery({ queryKey: keys.operation(id), queryFn: () => call("operation", { id }) });

export const usePlanFiles = (plan: string, host: string, { enabled }: Extra = {}) =>
  useQuery({
    queryKey: keys.planFiles(plan, host),
    queryFn: () => call("plan_files", { plan, host }),
    ...(enabled === undefined ? {} : { enabled: enabled === true }),
  });

export const useTemplates = () => useQuery({ queryKey: keys.templates, queryFn: () => call("templates") });
export const useSettings = () => useQuery({ queryKey: keys.settings, queryFn: () => call("settings") });
export const useAbout = () => useQuery({ queryKey: keys.about, queryFn: () => call("about") });
export const useSshHosts = () =>
  useQuery({ queryKey: keys.sshHosts, queryFn: () => call("ssh_config_hosts") });

/** What is typed as a host, as it is understood so far. */
export const useTarget = (text: string) =>
  useQuery({
    queryKey: keys.target(text),
    queryFn: () => call("parse_target", { text }),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
  });

/** What stands against a forward while it is typed. */
export const useConflicts = (draft: ForwardDraft | undefined, own: string | null) =>
  useQuery({
    queryKey: ["inventory", "conflicts", draft, own],
    queryFn: () => (draft ? call("conflicts", { draft, own }) : []),
    enabled: !!draft,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });

export const useShareText = (forward: string) =>
  useQuery({ queryKey: keys.share(forward), queryFn: () => call("share_text", { forward }) });

export const useClientConfig = (peer: string, { enabled }: Extra = {}) =>
  useQuery({
    queryKey: keys.clientConfig(peer),
    queryFn: () => call("client_config", { peer }),
    gcTime: 0,
    ...(enabled === undefined ? {} : { enabled: enabled === true }),
  });

/** Settings take hold at once and go back if the program refuses them. */
export function useSetSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: Settings) => call("set_settings", { settings }),
    onMutate: (settings) => {
      const before = client.getQueryData<Settings>(keys.settings);
      client.setQueryData(keys.settings, settings);
      return { before };
    },
    onError: (_error, _settings, context) => client.setQueryData(keys.settings, context?.before),
    onSuccess: (settings) => {
      client.setQueryData(keys.settings, settings);
      // DNS names are a part of what is given to friends.
      void client.invalidateQueries({ queryKey: keys.shares });
    },
  });
}
