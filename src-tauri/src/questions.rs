//! Questions to the person, and the wait for their answers.

use async_trait::async_trait;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;
use wirewarp_engine::person::{CertificateQuestion, HostKeyQuestion, Person, SecretQuestion};
use wirewarp_model::Secret;

use crate::{
    desktop::now,
    errors::{Answered, error},
    events::QuestionClosed,
    outside::{News, Outside},
    view::{Answer, Question, QuestionAsk, QuestionId},
};

/// Who does not answer for so long has gone away; the answer is no.
const PATIENCE: Duration = Duration::from_secs(300);

/// Questions that wait.
pub(crate) struct Questions {
    outside: Arc<dyn Outside>,
    waiting: Mutex<BTreeMap<QuestionId, (Question, oneshot::Sender<Answer>)>>,
}

impl Questions {
    pub(crate) fn new(outside: Arc<dyn Outside>) -> Self {
        Self {
            outside,
            waiting: Mutex::default(),
        }
    }

    /// All that wait, oldest first.
    pub(crate) fn all(&self) -> Vec<Question> {
        let mut all: Vec<Question> = self
            .waiting()
            .values()
            .map(|(question, _)| question.clone())
            .collect();
        all.sort_by_key(|question| question.at);
        all
    }

    /// Hands an answer to whoever waits for it.
    pub(crate) fn answer(&self, id: QuestionId, answer: Answer) -> Answered<()> {
        let (_, waits) = self.waiting().remove(&id).ok_or_else(|| {
            let message = "This question waits no more.";
            error("not_found", message, &["Begin again what it was asked for"])
        })?;
        // Who asked may have gone away in this moment.
        let _ = waits.send(answer);
        self.outside.tell(News::QuestionClosed(QuestionClosed { id }));
        Ok(())
    }

    async fn ask(&self, ask: QuestionAsk) -> Answer {
        let question = Question {
            id: QuestionId::random(),
            at: now(),
            ask,
        };
        let (answer, answered) = oneshot::channel();
        self.waiting().insert(question.id, (question.clone(), answer));
        let open = Open {
            questions: self,
            id: question.id,
        };
        self.outside.tell(News::Question(question));
        let answer = tokio::time::timeout(PATIENCE, answered).await;
        drop(open);
        answer.ok().and_then(Result::ok).unwrap_or(Answer::No)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<QuestionId, (Question, oneshot::Sender<Answer>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An asked question. Who asks may go away, e.g. when a job is stopped: then nobody is to answer it any more.
struct Open<'a> {
    questions: &'a Questions,
    id: QuestionId,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.questions.waiting().remove(&self.id).is_some() {
            let id = self.id;
            self.questions
                .outside
                .tell(News::QuestionClosed(QuestionClosed { id }));
        }
    }
}

#[async_trait]
impl Person for Questions {
    async fn trusts(&self, question: &HostKeyQuestion) -> bool {
        let ask = QuestionAsk::HostKey {
            endpoint: question.endpoint.clone(),
            algorithm: question.algorithm.clone(),
            fingerprint: question.fingerprint.clone(),
        };
        matches!(self.ask(ask).await, Answer::Trust)
    }

    async fn trusts_certificate(&self, question: &CertificateQuestion) -> bool {
        let ask = QuestionAsk::Certificate {
            endpoint: question.endpoint.clone(),
            fingerprint: question.fingerprint.clone(),
        };
        matches!(self.ask(ask).await, Answer::Trust)
    }

    async fn secret(&self, question: &SecretQuestion) -> Option<Secret> {
        let SecretQuestion {
            prompt,
            refused,
            is_new,
        } = question.clone();
        match self
            .ask(QuestionAsk::Secret {
                prompt,
                refused,
                is_new,
            })
            .await
        {
            Answer::Secret { text } => Some(text.into_secret()),
            Answer::Trust | Answer::No => None,
        }
    }
}
