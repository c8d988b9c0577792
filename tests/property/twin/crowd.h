#pragma once

#include <optional>
#include <string>

#include "property/twin/judge.h"
#include "property/twin/look.h"

/// What happened with all deals and people, as it belongs to a person, a team or the company (semantics.md §3).
namespace plumb::twin {

struct Whose {
  model::SubjectKind kind = model::SubjectKind::company;
  std::string name;  // of the person, the team
};

/// Conditions about a person, a team or the company: what is counted is what belongs to them within the moment's
/// window.
class CrowdLook : public Look {
 public:
  CrowdLook(const World& world, Whose whose) : Look(world, nothing_), whose_(std::move(whose)) {}

  std::vector<Value> field_versions(Id<model::Field> id, const Moment& m, const model::Tails& tails) const override;
  std::vector<Instant> turns(Id<model::Expr> id, Instant from, Instant until, const Clock& clock) const override;

 protected:
  Tri happened(Id<model::Event> id, const model::Tails& tails, const Moment& m) const override;
  Value himself() const override;
  Value aggregate(const model::Aggregate& of, const model::Tails& tails, const Moment& m) const override;

 private:
  void add_standing(const model::Aggregate& of, const Moment& m, std::vector<Member>& members) const;
  void add_members(const Look& look, const model::Aggregate& of, const Moment& m, std::vector<Member>& members) const;
  std::optional<Tri> by_name(const Fact& fact, const Moment& m) const;
  bool lacks_some(const Look& look, const model::Aggregate& of, const Moment& m) const;
  bool lacks_in(const Hidden& stretch, const Look& look, const model::Aggregate& of, const Moment& m) const;
  Tri belongs(const Look& look, const model::Aggregate& of, const Fact& fact, const Moment& m) const;
  Tri ever_in(const std::string& person, const std::string& team, Instant since) const;
  Tri in_team(const std::string& person, const std::string& team, Day day) const;
  Tri is_ours(const std::string& person, const model::Aggregate& of, const Fact& fact, const Moment& m,
              Instant since) const;

  inline static const Deal nothing_ = {};
  Whose whose_;
};

}  // namespace plumb::twin
