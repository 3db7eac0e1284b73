/**
 * Prometheus's text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
 * What is written was counted elsewhere, buckets of histograms too, which no counter of a client library can
 * be given.
 */
import type { HistogramReading } from '../../hub/index.ts';

/**
 * A metric, and what it is at one moment. Names, labels and their values are the server's own: nothing has to
 * be escaped.
 */
export type Metric =
  | {
      readonly type: 'counter' | 'gauge';
      readonly name: string;
      readonly help: string;
      readonly samples: readonly Sample[];
    }
  | {
      readonly type: 'histogram';
      readonly name: string;
      readonly help: string;
      readonly reading: HistogramReading;
    };

/** One value of a metric; what tells it from the others is in its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics, in their order. Ends with a line feed. */
export function exposition(metrics: readonly Metric[]): string {
  return `${metrics.map((metric) => metricLines(metric).join('\n')).join('\n\n')}\n`;
}

function metricLines(metric: Metric): string[] {
  const { name, help, type } = metric;
  const lines = type === 'histogram' ? histogramLines(metric) : sampleLines(metric);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function sampleLines({ name, samples }: Extract<Metric, { readonly samples: unknown }>): string[] {
  return samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
}

/** A bucket holds all that lies under its bound, and so what is in the buckets before it. */
function histogramLines({ name, reading }: Extract<Metric, { readonly type: 'histogram' }>): string[] {
  let count = 0;
  const buckets = reading.counts.map((here, place) => {
    count += here;
    return `${name}_bucket{le="${reading.bounds[place] ?? '+Inf'}"} ${count}`;
  });
  return [...buckets, `${name}_sum ${reading.sum}`, `${name}_count ${count}`];
}
