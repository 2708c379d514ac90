//! Taking times in turns.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Times of one thing, in seconds.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// One more.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// The middle one; NaN if there is none.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match (sorted.get(middle), sorted.len() % 2) {
            (Some(upper), 0) => f64::midpoint(*upper, sorted.get(middle - 1).copied().unwrap_or(*upper)),
            (Some(only), _) => *only,
            (None, _) => f64::NAN,
        }
    }

    /// All, as they came.
    pub fn all(&self) -> &[f64] {
        &self.0
    }
}

impl FromIterator<f64> for Times {
    fn from_iter<I: IntoIterator<Item = f64>>(times: I) -> Self {
        Self(times.into_iter().collect())
    }
}

/// Something to be timed; takes the number of the round.
pub type Work<'a> = Box<dyn FnMut(usize) -> Result<Duration> + 'a>;

/// Does each in turn, `rounds` times, after one round that is not counted.
pub fn in_turns<const N: usize>(rounds: usize, mut works: [Work; N]) -> Result<[Times; N]> {
    let mut times = std::array::from_fn(|_| Times::default());
    for round in 0..=rounds {
        for (work, times) in works.iter_mut().zip(times.iter_mut()) {
            let took = work(round)?;
            if round > 0 {
                times.push(took);
            }
        }
    }
    Ok(times)
}

/// How long something takes.
pub fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Duration)> {
    let began = Instant::now();
    let value = work()?;
    Ok((value, began.elapsed()))
}
