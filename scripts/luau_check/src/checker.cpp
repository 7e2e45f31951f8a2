// Luau's own Frontend over files. main.rs says what a require means and what a file holds, and hears what is found.

#include "Luau/Ast.h"
#include "Luau/BuiltinDefinitions.h"
#include "Luau/ConfigResolver.h"
#include "Luau/Error.h"
#include "Luau/FileResolver.h"
#include "Luau/Frontend.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <tuple>

namespace
{

// Text that outlives the call that hands it over; without data where there is none.
struct Text
{
    const char* data;
    size_t size;
};

// main.rs, which has the same.
struct Host
{
    const void* state;
    Text (*read)(Text file);
    Text (*required)(Text file, Text path);
    Text (*named)(const void* state, Text name);
    void (*found)(const void* state, Text file, uint32_t line, uint32_t column, bool isError, Text message);
};

Text text(const std::string& string)
{
    return {string.data(), string.size()};
}

Text text(const Luau::AstArray<char>& array)
{
    return {array.data, array.size};
}

std::optional<std::string> string(Text text)
{
    return text.data ? std::optional(std::string(text.data, text.size)) : std::nullopt;
}

struct Files : Luau::FileResolver
{
    const Host* host = nullptr;

    std::optional<Luau::SourceCode> readSource(const Luau::ModuleName& name) override
    {
        std::optional<std::string> source = string(host->read(text(name)));
        return source ? std::optional(Luau::SourceCode{*source, Luau::SourceCode::Module}) : std::nullopt;
    }

    // Luau asks this of what a require is given and of each expression in it that leads there.
    std::optional<Luau::ModuleInfo> resolveModule(
        const Luau::ModuleInfo* context, Luau::AstExpr* expression, const Luau::TypeCheckLimits&) override
    {
        Text file{};
        if (auto path = expression->as<Luau::AstExprConstantString>(); path && context)
            file = host->required(text(context->name), text(path->value));
        else if (auto member = expression->as<Luau::AstExprIndexName>())
            file = host->named(host->state, {member->index.value, std::strlen(member->index.value)});
        else if (auto call = expression->as<Luau::AstExprCall>(); call && call->self && call->args.size > 0)
        {
            // parent:WaitForChild("Name")
            if (auto child = call->args.data[0]->as<Luau::AstExprConstantString>())
                file = host->named(host->state, text(child->value));
        }
        std::optional<std::string> name = string(file);
        return name ? std::optional(Luau::ModuleInfo{*name}) : std::nullopt;
    }
};

struct Strict : Luau::ConfigResolver
{
    Luau::Config config;

    Strict()
    {
        config.mode = Luau::Mode::Strict;
    }

    const Luau::Config& getConfig(const Luau::ModuleName&, const Luau::TypeCheckLimits&) const override
    {
        return config;
    }
};

void define(Luau::Frontend& frontend, const std::string& file, const std::string& source)
{
    Luau::GlobalTypes& globals = frontend.globals;
    Luau::unfreeze(globals.globalTypes);
    Luau::registerBuiltinGlobals(frontend, globals);
    Luau::LoadDefinitionFileResult loaded =
        frontend.loadDefinitionFile(globals, globals.globalScope, source, file, /* captureComments= */ false);
    Luau::freeze(globals.globalTypes);
    if (loaded.success)
        return;
    std::string message;
    auto add = [&](const Luau::Location& location, const std::string& what)
    {
        const auto [line, column] = location.begin;
        message += file + ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1) + ": " + what + "\n";
    };
    for (const Luau::ParseError& error : loaded.parseResult.errors)
        add(error.getLocation(), error.getMessage());
    if (loaded.module)
    {
        for (const Luau::TypeError& error : loaded.module->errors)
            add(error.location, Luau::toString(error));
    }
    throw std::runtime_error(message);
}

void report(const Host& host, const Luau::ModuleName& name, const Luau::CheckResult& result)
{
    std::vector<std::tuple<uint32_t, uint32_t, bool, std::string>> findings; // by place, errors before warnings
    auto add = [&](const Luau::Location& location, bool isWarning, const std::string& message)
    {
        findings.emplace_back(location.begin.line + 1, location.begin.column + 1, isWarning, message);
    };
    for (const Luau::TypeError& error : result.errors)
        add(error.location, false, Luau::toString(error));
    for (const Luau::LintWarning& error : result.lintResult.errors)
        add(error.location, false, error.text);
    for (const Luau::LintWarning& warning : result.lintResult.warnings)
        add(warning.location, true, warning.text);
    std::sort(findings.begin(), findings.end());
    for (const auto& [line, column, isWarning, message] : findings)
        host.found(host.state, text(name), line, column, !isWarning, text(message));
}

} // namespace

// Checks the files and all that they require. Returns why it could not, if so.
extern "C" Text luau_check(const Host* host, Text definitions, const Text* paths, size_t count)
try
{
    Files files;
    files.host = host;
    Strict strict;
    Luau::FrontendOptions options;
    options.runLintChecks = true;
    Luau::Frontend frontend(&files, &strict, options);
    frontend.setLuauSolverMode(Luau::SolverMode::New);
    define(frontend, *string(definitions), string(host->read(definitions)).value_or(""));
    for (size_t index = 0; index < count; ++index)
        frontend.queueModuleCheck(*string(paths[index]));
    for (const Luau::ModuleName& name : frontend.checkQueuedModules())
        report(*host, name, *frontend.getCheckResult(name, /* accumulateNested= */ false));
    return {};
}
catch (const std::exception& error)
{
    static const std::string why = error.what();
    return text(why);
}
